import type { Random } from '../../random.ts';
import type { Names } from '../names.ts';
import { fromSchema } from './json.ts';
import type { Request } from './request.ts';
import { type Route, routes } from './routes.ts';
import { asQuery, oddText, randomBytes } from './values.ts';

/** Every call of these is a copy of the database. */
const rare = routes.filter(({ method, pattern }) => method === 'POST' && pattern === '/v1/snapshots');
const usual = routes.filter((route) => !rare.includes(route));

/** A request to any route that is well-formed as HTTP; names, queries and body may be odd. */
export function someRequest(random: Random, names: Names): Request {
  const route = random.chance(0.002) ? random.pick(rare) : random.pick(usual);
  const { body, type } = bodyFor(random, names, route);
  return {
    method: route.method === 'GET' && random.chance(0.2) ? 'HEAD' : route.method,
    path: pathFor(random, names, route),
    query: route.query.filter(() => random.chance(0.2)).flatMap((name) => parameter(random, names, name)),
    headers: [
      ['Host', names.host],
      ...authorization(random, names, route.pattern.endsWith('/logout')),
      ...(type === undefined ? [] : [['Content-Type', type] as const]),
    ],
    body,
  };
}

/** Mostly of an admin; of another account, worthless or missing in between. */
export function authorization(random: Random, names: Names, endsToken: boolean): [name: string, value: string][] {
  const { admin, user, spare } = names.tokens;
  const who = random.weighted({ admin: 6, user: 2, anonymous: 1, cut: 1, odd: 1 });
  if (who === 'anonymous') return [];
  if (who === 'cut') return [['Authorization', `Bearer ${admin.slice(0, random.below(admin.length))}`]];
  const whole = who === 'user' ? user : admin;
  const token = endsToken ? spare : whole;
  return [['Authorization', who === 'odd' ? random.pick(oddCredentials(token)) : `Bearer ${token}`]];
}

function oddCredentials(token: string): readonly string[] {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
  return [
    `Bearer ${unsigned}.${claims}.`,
    `Bearer ${head}.${claims}.${signature.split('').reverse().join('')}`,
    `Bearer ${head}.${Buffer.from('{"sub":"admin","exp":1e400}').toString('base64url')}.${signature}`,
    `Bearer ${'A'.repeat(8_300)}`,
    `Bearer ${'.'.repeat(500)}`,
    `Bearer  ${token}`,
    `bearer ${token} ${token}`,
    'Bearer',
    'Basic YWRtaW46YWRtaW4=',
    `Basic ${'A'.repeat(4_000)}`,
    'Digest username="admin"',
  ];
}

/** The path of a route, with names in it that exist or are odd. */
export function pathFor(random: Random, names: Names, { pattern }: Pick<Route, 'pattern'>): string {
  return pattern.replaceAll(/:(\w+)(\{\.\+\})?/g, (_, name: string, raw: string | undefined) => {
    const value = random.chance(0.85) ? known(random, names, name) : oddText(random).slice(0, 300);
    return raw === undefined ? encodeURIComponent(value.toWellFormed()) : encodeURI(value.toWellFormed());
  });
}

function known(random: Random, names: Names, name: string): string {
  const [first = ''] = names.repositories;
  if (name === 'name') return random.chance(0.7) ? first : random.pick(names.repositories);
  if (name === 'upload') return random.pick(names.uploads).split('/').at(-1) ?? '';
  if (name === 'digest') return random.pick([...names.blobs, ...names.manifests]);
  if (name === 'reference') return random.pick([...names.tags, ...names.manifests]);
  if (name === 'tag') return random.pick(names.tags);
  return random.chance(0.5) ? names.account : String(random.below(60));
}

function parameter(random: Random, names: Names, name: string): string[] {
  const sensible = name === 'n' ? String(random.below(5)) : known(random, names, name === 'from' ? 'name' : 'digest');
  const pair = `${name}=${asQuery(random, random.chance(0.5) ? sensible : oddText(random).slice(0, 1_000))}`;
  return random.chance(0.1) ? [pair, pair] : [pair];
}

function bodyFor(random: Random, names: Names, { method, pattern, schema }: Route): { body: Buffer; type?: string } {
  if (schema !== undefined) {
    return { body: Buffer.from(JSON.stringify(fromSchema(random, schema))), type: 'application/json' };
  }
  if (method === 'PUT' && pattern.includes('/manifests/')) {
    return { body: names.manifest.content, type: names.manifest.mediaType };
  }
  if (method === 'POST' && pattern === '/v2/token') {
    const fields = ['grant_type=password', `username=${asQuery(random, oddText(random))}`, 'password=wrong'];
    return { body: Buffer.from(fields.join('&')), type: 'application/x-www-form-urlencoded' };
  }
  if (method === 'GET' || method === 'DELETE' || random.chance(0.3)) return { body: Buffer.alloc(0) };
  return { body: randomBytes(random, random.below(3_000)), type: 'application/octet-stream' };
}
