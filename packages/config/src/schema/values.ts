import * as z from 'zod';
import { parseAddress } from '../addresses.ts';
import { parseDuration } from '../durations.ts';
import { quote } from '../errors.ts';
import { parseShare, parseSize } from '../sizes.ts';
import { isProxyRange, parseBaseUrl, parseOrigin } from '../urls.ts';

/** Node's timers overflow above this and fire immediately. */
const maxTimerMilliseconds = 2 ** 31 - 1;

/** A string that `parse` converts to a value; undefined means invalid. */
function text<T>(what: string, example: string, parse: (value: string) => T | undefined) {
  return z
    .string({ error: () => `must be ${what} in quotes, such as ${quote(example)}` })
    .transform((value, context): T => {
      const parsed = parse(value);
      if (parsed !== undefined) return parsed;
      context.addIssue({
        code: 'custom',
        message: `${quote(value)} is not ${what}; write for example ${quote(example)}`,
      });
      return z.NEVER;
    });
}

/** A file or directory; relative paths are resolved against the directory of the configuration file. */
export const filePath = text('a path', '/srv/mcr', (value) => (value.includes('\0') ? undefined : value));

/** An address to listen on; port 0 uses any free port. */
export const listenAddress = text('an address with a port', '127.0.0.1:8443', parseAddress);

/** An address to connect to. */
export const targetAddress = text('a host with a port', '127.0.0.1:9443', (value) => {
  const address = parseAddress(value);
  return address && address.host !== '' && address.port !== 0 ? address : undefined;
});

/** A duration that a timer measures, in milliseconds; 0 disables it. */
export const timeout = z.preprocess(
  bareZero,
  text('a duration', '30s', parseDuration).refine((milliseconds) => milliseconds <= maxTimerMilliseconds, {
    error: 'is too long; write at most "24d"',
  }),
);

/** How long to keep something, in milliseconds. */
export const age = z.preprocess(
  bareZero,
  text('a duration', '24h', parseDuration).refine((milliseconds) => milliseconds > 0, {
    error: 'must be longer than 0, or a push in progress would lose its blobs; write for example "24h"',
  }),
);

/** How long something waits, in milliseconds; 0 is not at all. */
export const delay = z.preprocess(bareZero, text('a duration', '1h', parseDuration));

const dayMilliseconds = 86_400_000;

/** How long to keep something before it is removed, in milliseconds; 0 keeps it forever. Checked once a day. */
export const retention = z.preprocess(
  bareZero,
  text('a duration', '90d', parseDuration).refine(
    (milliseconds) => milliseconds === 0 || milliseconds >= dayMilliseconds,
    { error: 'must be at least "1d", or 0 to keep everything' },
  ),
);

/** Clients do not fetch a new token in the middle of a push, and a day's work fits into a month. */
const shortestSession = 15 * 60_000;
const longestSession = 30 * dayMilliseconds;

/** How long a login is good for, in milliseconds. */
export const sessionTtl = text('a duration', '8h', parseDuration).refine(
  (milliseconds) => milliseconds >= shortestSession && milliseconds <= longestSession,
  { error: 'must be from "15m" to "30d"' },
);

/** How long an access token is good for, in milliseconds; ten years are no expiry that anyone plans for. */
export const tokenTtl = text('a duration', '90d', parseDuration).refine(
  (milliseconds) => milliseconds >= 60_000 && milliseconds <= 3_660 * dayMilliseconds,
  { error: 'must be from "1m" to "3660d"' },
);

/** How long ago an owner may have signed in, in milliseconds; 0 is no limit. */
export const signInAge = z.preprocess(
  bareZero,
  text('a duration', '30d', parseDuration).refine(
    (milliseconds) => milliseconds === 0 || milliseconds >= dayMilliseconds,
    { error: 'must be at least "1d", or 0 for no limit' },
  ),
);

const countMessage = 'must be a whole number such as 100, or 0 for no limit';

/** A maximum count; 0 is no limit. Variables have it as text. */
export const count = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
  z.int({ error: countMessage }).nonnegative({ error: countMessage }),
);

/** Each worker takes some 100 MB, and all of them write through one lock of the database. */
const mostWorkers = 256;
const workersMessage = `must be a whole number from 1 to ${mostWorkers}, or "auto" for one per core`;

/** A number of processes, or `auto` for as many as there are cores. Variables have it as text. */
export const workerCount = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
  z.custom<number | 'auto'>(isWorkerCount, { error: workersMessage }),
);

/** PostgreSQL has a process for each connection. */
const mostConnections = 1_000;
const poolMessage = `must be a whole number from 2 to ${mostConnections}, such as 8`;

/** A number of connections. Variables have it as text. */
export const poolSize = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
  z.int({ error: poolMessage }).min(2, { error: poolMessage }).max(mostConnections, { error: poolMessage }),
);

const sslModes: ReadonlySet<string | null> = new Set([null, 'disable', 'require', 'verify-ca', 'verify-full']);

/** The address of a database in PostgreSQL. Messages do not repeat it, since it may have a password. */
export const databaseUrl = z
  .string({ error: 'must be a URL in quotes, such as "postgresql://mcr@db.example.com/mcr"' })
  .refine((value) => /^postgres(?:ql)?:\/\/./.test(value) && URL.canParse(value), {
    error:
      'is not a URL of PostgreSQL; write for example "postgresql://mcr:password@db.example.com:5432/mcr?sslmode=verify-full"',
  })
  .refine((value) => !URL.canParse(value) || sslModes.has(new URL(value).searchParams.get('sslmode')), {
    error: 'has an sslmode that is not disable, require, verify-ca or verify-full; choose one of these',
  });

/** Bytes; 0 is no limit. */
export const size = z.preprocess(bareZero, text('a size', '512MiB', parseSize));

/** A part of a file system. */
export const share = z.preprocess(bareZero, text('a size or a percentage', '512MiB', parseShare));

/** The scheme, host and port that clients use. */
export const origin = text('an http(s) URL without path, query or user', 'https://registry.example.com', parseOrigin);

/** An https URL that paths are appended to. */
export const httpsUrl = text('an https URL without query or user', 'https://mcias.example.com:8443', parseBaseUrl);

/** The issuer of tokens, compared with them letter by letter. Plain http is for providers on the same machine. */
export const issuerUrl = text('the https URL of an issuer', 'https://token.actions.githubusercontent.com', (value) => {
  const base = parseBaseUrl(value.replace(/^http:\/\/(?=(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$))/, 'https://'));
  return base === undefined ? undefined : value;
});

/** The page of the web UI that a provider sends people back to. */
export const redirectUrl = text(
  'the URL of the web UI with the path /login/callback',
  'https://ui.example.com/login/callback',
  (value) => {
    const url = URL.parse(value);
    const isSafe =
      url?.protocol === 'https:' ||
      (url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname));
    return isSafe && value === `${url?.origin}/login/callback` ? value : undefined;
  },
);

/** Roles as policy rules name them. */
export const roleNames = list(
  text('a role of a-z 0-9 . _ -', 'ci', (value) => (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(value) ? value : undefined)),
);

/** IP addresses and CIDR ranges. */
export const proxies = list(
  text('an IP address or a CIDR range other than /0', '10.0.0.0/8', (value) =>
    isProxyRange(value) ? value : undefined,
  ),
);

/** Words, such as the tags of a service. */
export const words = list(
  text('a non-empty word', 'env:production', (value) => (value.trim() === '' ? undefined : value)),
);

/** A name that needs no encoding in a URL: some clients put it into a query as it is. */
export const urlSafeName = text('a name of letters, digits, dots, dashes, underscores or tildes', 'mcr', (value) =>
  /^[A-Za-z0-9._~-]{1,255}$/.test(value) ? value : undefined,
);

/** A bucket, as it can be part of a host name or a path. */
export const bucketName = text('the name of a bucket', 'registry', (value) =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value) ? value : undefined,
);

/** What keys begin with; gets a slash at its end if it has none. */
export const keyPrefix = text('a prefix of keys: letters, digits and ._/-', 'registry/', (value) => {
  const isPrefix =
    /^[A-Za-z0-9._-][A-Za-z0-9._/-]{0,199}$/.test(value) &&
    !value.includes('//') &&
    !/(?:^|\/)\.{1,2}(?:\/|$)/.test(value);
  return isPrefix ? `${value.replace(/\/$/, '')}/` : undefined;
});

/** A key of a key management service. */
export const kmsKeyId = text('the id of a key', 'alias/registry', (value) =>
  /^[\w:/-]{1,2048}$/.test(value) ? value : undefined,
);

/** Yes or no. */
export const flag = z.boolean({ error: 'must be true or false' });

/** One of a few words. */
export function choice<const T extends readonly string[]>(options: T) {
  return z.enum(options, {
    error: ({ input }) =>
      `${typeof input === 'string' ? quote(input) : 'the value'} is not a valid choice; use one of ${options.map(quote).join(', ')}`,
  });
}

function list<T extends z.ZodType>(item: T) {
  return z.array(item, { error: 'must be a list of strings, such as ["a", "b"]' }).readonly();
}

function isWorkerCount(value: unknown): boolean {
  return value === 'auto' || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostWorkers);
}

function bareZero(value: unknown): unknown {
  return value === 0 ? '0' : value;
}
