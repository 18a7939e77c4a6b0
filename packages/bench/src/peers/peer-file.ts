import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OciClient } from '@mcr/testkit';
import { z } from 'zod';
import { commandPeer, type Place } from './command-peer.ts';
import type { Peer } from './peer.ts';

const words = z.array(z.string()).min(1);
const schema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'is made of a-z, 0-9, ".", "_" and "-"'),
  /** What differs from the others, for the report. */
  conditions: z.string(),
  command: words,
  versionArguments: words.default(['--version']),
  /** Texts by file name; each stands beside the data, as `{files}/NAME`. */
  files: z.record(z.string().regex(/^[\w-][\w.-]*$/), z.string()).default({}),
  ready: z.string().startsWith('/').default('/v2/'),
  /** Sent as Basic credentials with each request, or once to the path that hands out tokens. */
  login: z
    .strictObject({ username: z.string(), password: z.string(), token: z.string().startsWith('/').optional() })
    .optional(),
});
type PeerFile = z.infer<typeof schema>;
type Login = NonNullable<PeerFile['login']>;

/**
 * Reads how to start a registry and how to log in to it from a JSON file; README.md lists its keys. Throws when it is none, with the
 * keys that are wrong, and when its name is in `taken`.
 */
export function readPeerFile(path: string, taken: readonly string[]): Peer {
  const fail = (reason: string, cause?: unknown): never => {
    throw new Error(`invalid --peer "${path}": ${reason}`, { cause });
  };
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), error);
  }
  const { success, data, error } = schema.safeParse(content);
  if (!success)
    return fail(error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`).join('; '), error);
  if (taken.includes(data.name)) return fail(`there is a contender "${data.name}" already`);
  return peerOf(data);
}

function peerOf({ name, conditions, command, versionArguments, files, ready, login }: PeerFile): Peer {
  const [executable = '', ...args] = command;
  return commandPeer({
    name,
    conditions,
    executable,
    versionArguments,
    readyPath: ready,
    async configure(place) {
      const own = dirname(place.directory);
      const filled = (text: string): string => fill(text, { ...place, files: own });
      for (const [file, text] of Object.entries(files)) await writeFile(join(own, file), filled(text));
      return args.map(filled);
    },
    ...(login !== undefined && { logIn: (client) => logIn(login, client) }),
  });
}

/** Puts the place of the server where a text has `{port}` or another of its names; other braces stay. */
function fill(text: string, place: Place & { readonly files: string }): string {
  return text.replace(/\{(host|port|certificate|key|directory|files)\}/g, (_, name: keyof typeof place) =>
    String(place[name]),
  );
}

async function logIn({ username, password, token: path }: Login, client: OciClient) {
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  if (path === undefined) return { authorization: basic };
  const response = await client.request('GET', path, { authorization: basic });
  const { token, access_token: accessToken } = response.status === 200 ? response.json() : {};
  const value: unknown = token ?? accessToken;
  if (typeof value !== 'string') throw new Error(`no token at ${path}: ${response.status} ${response.text()}`);
  return { authorization: `Bearer ${value}`, login: { path, authorization: basic } };
}
