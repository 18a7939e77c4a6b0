import { createHmac } from 'node:crypto';
import type { Random } from '../../random.ts';
import type { Names } from '../names.ts';
import type { Request } from './request.ts';
import { pathFor } from './requests.ts';
import { routesIn } from './routes.ts';
import { asQuery, oddText, randomBytes } from './values.ts';

type Header = readonly [name: string, value: string];

/** Every page and form of the web UI. */
const routes = routesIn('access-matrix-web.md');
/** Every call of these is a copy of the database. */
const rare = routes.filter(({ pattern }) => pattern === '/storage/snapshots');
const usual = routes.filter((route) => !rare.includes(route));

/** What pages read of a query, and forms of their fields. */
const parameters =
  'page after before search sort next tag tab n type actor repository since until action subject'.split(' ');
const fields = (
  'username password account_type roles enabled tag keep plan priority description effect subject action repository ' +
  'repositories next theme'
).split(' ');
const form = 'application/x-www-form-urlencoded';

/** A request of a browser that is well-formed as HTTP; cookies, names and fields may be odd. */
export function someVisit(random: Random, names: Names): Request {
  const route = random.chance(0.002) ? random.pick(rare) : random.pick(usual);
  const { headers, csrf } = signedIn(random, names, route.pattern === '/logout');
  const isForm = route.method === 'POST';
  return {
    method: route.method === 'GET' && random.chance(0.1) ? 'HEAD' : route.method,
    path: pathFor(random, names, route),
    query: parameters.filter(() => random.chance(0.1)).map((name) => `${name}=${asQuery(random, text(random, names))}`),
    headers: [
      ['Host', names.host],
      ...headers,
      ...(random.chance(0.2) ? [['HX-Request', 'true'] as const] : []),
      ...(isForm ? originOf(random, names) : []),
      ...(isForm ? [['Content-Type', random.chance(0.95) ? form : 'multipart/form-data; boundary=x'] as const] : []),
    ],
    body: isForm ? formOf(random, names, csrf) : Buffer.alloc(0),
  };
}

function text(random: Random, names: Names): string {
  if (random.chance(0.5)) return oddText(random).slice(0, 1_000);
  return random.pick([...names.repositories, ...names.manifests, ...names.tags, names.account, '1', 'name', 'size']);
}

/** Cookies: mostly of an admin, else of a user, none, or malformed; and the CSRF token that a form has to repeat. */
function signedIn(random: Random, names: Names, endsToken: boolean): { headers: Header[]; csrf: string } {
  const { admin, user, spare } = names.tokens;
  const who = random.weighted({ admin: 6, user: 2, anonymous: 1, odd: 1 });
  const token = who === 'user' ? user : admin;
  const session = sessionOf(random, names, endsToken ? spare : token, who === 'odd');
  const nonce = Buffer.from('the nonce of a form').toString('base64url');
  const signature = createHmac('sha256', endsToken ? spare : token)
    .update(`csrf ${nonce}`)
    .digest('base64url');
  const csrf = `${nonce}.${signature}`;
  const cookies = [
    ...(who === 'anonymous' ? [] : [`__Host-mcr-session=${session}`]),
    `__Host-mcr-csrf=${random.chance(0.9) ? csrf : asQuery(random, oddText(random))}`,
    ...(random.chance(0.2) ? [`__Host-mcr-flash=${asQuery(random, oddText(random))}`, 'theme=dark', '=', ';;'] : []),
    ...(random.chance(0.05) ? [`a=${'x'.repeat(9_000)}`] : []),
  ];
  return { headers: [['Cookie', cookies.join('; ')]], csrf };
}

function sessionOf(random: Random, names: Names, token: string, isOdd: boolean): string {
  // Never idle, however long the inputs take.
  const session = { token, username: 'admin', roles: ['admin'], seen: Date.now() + 1e9 };
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  if (!isOdd) return encoded(session);
  return random.pick([
    // A user whose session has expired is signed out.
    encoded({ ...session, token: names.tokens.spare, seen: 0 }),
    encoded({ ...session, seen: '1' }),
    encoded({ ...session, roles: { length: 1e9 } }),
    encoded({ ...session, username: oddText(random).toWellFormed() }),
    encoded({ ...session, token: token.slice(0, random.below(token.length)) }),
    encoded({ ...session, token: 'x'.repeat(7_000) }),
    encoded(JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`)),
    encoded(null),
    randomBytes(random, 60).toString('base64url'),
    '%00',
    '',
  ]);
}

/** Headers by which a browser states the origin of a form; sometimes another origin, or malformed. */
function originOf(random: Random, { host }: Names): Header[] {
  if (random.chance(0.8)) return [['Origin', `https://${host}`]];
  return random.pick<Header[]>([
    [],
    [['Sec-Fetch-Site', 'same-origin']],
    [['Sec-Fetch-Site', 'cross-site']],
    [['Origin', 'null']],
    [['Origin', 'https://evil.example']],
    [['Origin', 'https://[::1']],
  ]);
}

/** Rules only allow: one that denies would also apply to the well-formed requests in between. */
function formOf(random: Random, names: Names, csrf: string): Buffer {
  const pairs = fields
    .filter(() => random.chance(0.6))
    .map((name) => `${name}=${asQuery(random, name === 'effect' ? 'allow' : text(random, names))}`);
  const tags = random.chance(0.05) ? Array.from({ length: 5_000 }, (_, at) => `tag=${at}`) : [];
  return Buffer.from([`csrf=${random.chance(0.9) ? csrf : ''}`, ...pairs, ...tags].join('&'));
}
