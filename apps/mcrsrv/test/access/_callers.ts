import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Action } from '@mcr/core';
import { decodeJwt, eddsa, jwt } from '../_util/jwt.ts';
import { type TestServer, testPassword } from '../_util/server.ts';

/** The two repositories of the matrix: rules let some callers do something in the first, and none in the second. */
export const places = ['own', 'other'] as const;
export type Place = (typeof places)[number];

/**
 * What a request needs: nothing at all, credentials that are right where there are any, any account or a guest token, any account,
 * a delegation, the role `admin`, or an action of policy.
 */
export type Need =
  | 'public'
  | typeof anyCredentials
  | 'guest'
  | 'account'
  | typeof ownPassword
  | typeof ownTokens
  | typeof delegated
  | 'admin'
  | typeof pullOrPush
  | typeof pullSomething
  | Action;

/** A password, the token of any account, or nothing: the token endpoint takes all, since a rule lets guests pull. */
export const anyCredentials = 'password, account or none';
/** A list of what the caller may pull: guests get it without a right to list. */
export const pullSomething = 'registry:catalog or guest';
/** Any account whose password the registry keeps. */
export const ownPassword = 'account with a password';
/** Any account of the registry, by a login or a token that is for everything the account may. */
export const ownTokens = 'account that may have tokens';
/** A delegation, within which the request is, or the role `admin`. */
export const delegated = 'delegate';
/** Either action is enough. */
export const pullOrPush = 'registry:pull or registry:push';

/** How a caller introduces itself in one request. */
export interface Introduction {
  readonly headers: Readonly<Record<string, string>>;
  /** Goes behind the path; begins with neither `?` nor `&`. */
  readonly query?: string;
}

/** A column of the matrix. */
export interface Caller {
  readonly name: string;
  /** Who it is, for the reader of the document. */
  readonly about: string;
  /** The account that the token names; a random one where there is none. */
  readonly id: string;
  /** Whether it logs in without a password of the registry. */
  readonly isPasswordless?: true;
  /** Fresh every time, so that a token may be spent. Several mean that each of them must end alike. */
  introduce(): readonly Introduction[];
  /** What the registry owes to this caller: `undefined` when it is anonymous, and 401 the response. */
  readonly may?: (need: Need, place: Place | undefined) => boolean;
  /** The response to what a caller may not do, when it is not 403. */
  readonly otherwise?: '401';
}

const bearer = (token: string): Introduction => ({ headers: { authorization: `Bearer ${token}` } });

/** Adds a person who has signed in at the provider of the matrix; gives the id. */
export async function signedIn({ context }: TestServer, username: string, roles = ['user']): Promise<string> {
  const { store, clock } = context.services;
  const now = clock.now();
  const attempt = { id: `sign-in:${randomUUID()}`, expiresAt: now + 1_000 };
  const person = { id: randomUUID(), provider: 'corp', subject: username, username, roles, attempt, now };
  return (await store.identities.signIn(person)).id;
}

/** Adds the accounts and the rules, and gives every column of the matrix from the least to the most entitled. */
export async function createCallers(server: TestServer, jobToken: string): Promise<readonly Caller[]> {
  const { store, clock, identity } = server.context.services;
  const key = createPrivateKey(await readFile(join(server.directory, 'signing-key.pem')));
  const mint = (sub: string, lifetime = 3_600): string => {
    const now = Math.floor(clock.now() / 1_000);
    const claims = { iss: 'mcr', aud: 'mcr', sub, jti: randomUUID(), iat: now - 9_000, exp: now + lifetime };
    return jwt({ alg: 'EdDSA', typ: 'JWT' }, claims, eddsa(key));
  };
  const account = (name: string, type: 'human' | 'system', roles: string[] = []): Promise<string> =>
    server.addAccount(name, { type, roles });
  const change = () => ({ actor: {}, now: clock.now() });

  const admin = (await store.accounts.findByName('admin'))!.id;
  const [disabled, deleted] = [
    await account('disabled', 'human', ['admin']),
    await account('deleted', 'human', ['admin']),
  ];
  await store.accounts.update({ ...change(), id: disabled, patch: { enabled: false } });
  await store.accounts.delete({ ...change(), id: deleted });
  const revoked = mint(admin);
  await identity.revoke(revoked);

  const [machine, reader, writer, deployer] = [
    await account('machine', 'system'),
    await account('reader', 'system'),
    await account('writer', 'system'),
    await account('deployer', 'system'),
  ];
  const person = await account('person', 'human');
  const { token: jobLogin, principal } = await identity.login('job', jobToken);
  const job = principal?.id ?? '';
  const jobClaims = decodeJwt(jobLogin);
  const mintJob = () => jwt({ alg: 'EdDSA', typ: 'mcr-workload+jwt' }, { ...jobClaims, jti: randomUUID() }, eddsa(key));
  const own = { repositories: ['own/*'] };
  const narrowed = randomUUID();
  const holder = await account('holder', 'human', ['admin']);
  const limits = { actions: ['registry:pull'], repositories: ['own/*'], scope: 'admin:write' } as const;
  const owner = { accountId: holder, accountName: 'holder' };
  const token = { id: narrowed, ...owner, name: 'narrowed', ...limits, secretHash: narrowed };
  await store.tokens.create({ ...change(), token: { ...token, expiresAt: clock.now() + 86_400_000 }, limit: 0 });
  const mintOf = (id: string): string => {
    const now = Math.floor(clock.now() / 1_000);
    const times = { iat: now - 9_000, exp: now + 3_600 };
    const claims = { iss: 'mcr', aud: 'mcr', sub: holder, jti: randomUUID(), ...times, tid: id, gen: '1' };
    return jwt({ alg: 'EdDSA', typ: 'at+jwt' }, claims, eddsa(key));
  };
  await server.addRule({ ...own, subject: reader, actions: ['registry:pull'] });
  await server.addRule({ ...own, subject: writer, actions: ['registry:push'] });
  await server.addRule({
    ...own,
    subject: deployer,
    actions: ['registry:pull', 'registry:push', 'registry:delete'],
  });
  await server.addRule({ ...own, subject: job, actions: ['registry:pull', 'registry:push'] });
  await server.addRule({ subject: deployer, actions: ['registry:catalog'] });
  await server.addRule({ effect: 'deny', subject: person, repositories: ['other/*'] });
  await server.addRule({ ...own, accountTypes: ['anonymous'], actions: ['registry:pull'] });

  const colleague = await signedIn(server, 'colleague');
  await server.addRule({ effect: 'deny', subject: colleague, repositories: ['other/*'] });
  const mintPerson = (): string => {
    const now = Math.floor(clock.now() / 1_000);
    const claims = { iss: 'mcr', aud: 'mcr', sub: colleague, jti: randomUUID(), iat: now, exp: now + 3_600 };
    return jwt({ alg: 'EdDSA', typ: 'mcr-person+jwt' }, claims, eddsa(key));
  };

  const lead = await account('lead', 'human');
  await server.addRule({ effect: 'deny', subject: lead, repositories: ['other/*'] });
  const delegation = { id: randomUUID(), accountId: lead, accountName: 'lead', pattern: 'own/**' };
  await store.delegations.grant({ ...change(), delegation, limit: 1 });

  const anonymous = { id: randomUUID() };
  const good = () => mint(admin);
  const every: readonly Need[] = ['public', 'guest', 'account', ownPassword, ownTokens, 'registry:version_check'];
  const entitled =
    (everywhere: readonly Need[], inOwn: readonly Need[]) =>
    (need: Need, place: Place | undefined): boolean =>
      alternativesOf(need).some(
        (one) => every.includes(one) || everywhere.includes(one) || (place === 'own' && inOwn.includes(one)),
      );
  const known = (id: string) => ({ id, introduce: () => [bearer(mint(id))] });
  return [
    { ...anonymous, name: 'anonymous', about: 'sends no credentials', introduce: () => [{ headers: {} }] },
    {
      ...anonymous,
      name: 'garbage',
      about: 'sends what is no token: other text, another scheme, a token cut short or without its signature',
      introduce: () =>
        ['Bearer garbage', 'Bearer ', `Token ${good()}`, `Bearer ${good().slice(0, -2)}`, unsigned(good())].map(
          (authorization) => ({ headers: { authorization } }),
        ),
    },
    {
      ...anonymous,
      id: admin,
      name: 'password',
      about: 'sends the name and the password of an admin with the request (HTTP Basic)',
      introduce: () => [
        { headers: { authorization: `Basic ${Buffer.from(`admin:${testPassword}`).toString('base64')}` } },
      ],
    },
    {
      ...anonymous,
      name: 'elsewhere',
      about: 'sends a good token, and the name of an admin, in cookies, other headers and the query',
      introduce: () => [elsewhere(good())],
    },
    {
      ...anonymous,
      name: 'expired',
      about: 'sends a token of an admin that has ended',
      introduce: () => [bearer(mint(admin, -1))],
    },
    {
      ...anonymous,
      name: 'revoked',
      about: 'sends a token of an admin who has logged out',
      introduce: () => [bearer(revoked)],
    },
    { ...known(disabled), name: 'disabled', about: 'sends a token of an admin whose account was disabled' },
    { ...known(deleted), name: 'deleted', about: 'sends a token of an admin whose account was deleted' },
    {
      ...anonymous,
      name: 'guest',
      about:
        'sends the guest token that the token endpoint gives without credentials; a rule lets guests pull from `own/*`',
      introduce: () => [bearer('mcr-guest')],
      may: (need, place) =>
        alternativesOf(need).some((one) => guestNeeds.includes(one) || (place === 'own' && one === 'registry:pull')),
      otherwise: '401',
    },
    { ...known(machine), name: 'machine', about: 'is a system account that no rule mentions', may: entitled([], []) },
    {
      ...known(reader),
      name: 'reader',
      about: 'is a system account that a rule lets pull from `own/*`',
      may: entitled([], ['registry:pull']),
    },
    {
      ...known(writer),
      name: 'writer',
      about: 'is a system account that a rule lets push to `own/*`, and nothing else',
      may: entitled([], ['registry:push']),
    },
    {
      ...known(deployer),
      name: 'deployer',
      about: 'is a system account that rules let pull, push and delete in `own/*`, and list the catalog',
      may: entitled(['registry:catalog'], ['registry:pull', 'registry:push', 'registry:delete']),
    },
    {
      id: job,
      isPasswordless: true,
      introduce: () => [bearer(mintJob())],
      name: 'workload',
      about: 'is a job that logged in with a token of its issuer, and that a rule lets pull from and push to `own/*`',
      may: (need, place) => need !== ownTokens && entitled([], ['registry:pull', 'registry:push'])(need, place),
    },
    {
      id: holder,
      introduce: () => [bearer(mintOf(narrowed))],
      name: 'narrowed',
      about: 'sends an access token of an admin, with the scope `admin:write`, that is for pulls from `own/*`',
      may: (need, place) => need !== ownTokens && entitled([], ['registry:pull'])(need, place),
    },
    {
      ...known(person),
      name: 'person',
      about: 'is a human account, to which a rule denies everything in `other/*`',
      may: entitled(['registry:catalog'], ['registry:pull', 'registry:push', 'registry:delete']),
    },
    {
      id: colleague,
      isPasswordless: true,
      introduce: () => [bearer(mintPerson())],
      name: 'signed in',
      about: 'is a person who signed in at an OpenID provider, to whom a rule denies everything in `other/*`',
      may: entitled(['registry:catalog'], ['registry:pull', 'registry:push', 'registry:delete']),
    },
    {
      ...known(lead),
      name: 'delegate',
      about: 'is a human account with a delegation for `own/**`, to which a rule denies everything in `other/*`',
      may: entitled([delegated, 'registry:catalog'], ['registry:pull', 'registry:push', 'registry:delete']),
    },
    {
      ...known(admin),
      name: 'admin',
      about: 'is a human account with the role `admin`',
      may: () => true,
    },
  ];
}

/** What guests may do anywhere. */
const guestNeeds: readonly Need[] = ['public', 'guest', pullSomething, 'registry:version_check'];

function alternativesOf(need: Need): readonly Need[] {
  if (need === pullOrPush) return ['registry:pull', 'registry:push'];
  return need === pullSomething ? [pullSomething, 'registry:catalog'] : [need];
}

function unsigned(token: string): string {
  return `Bearer ${token.slice(0, token.lastIndexOf('.') + 1)}`;
}

/** Headers by which some proxies and registries have let people in. */
function elsewhere(token: string): Introduction {
  const users = ['x-webauth-user', 'x-forwarded-user', 'x-remote-user', 'remote-user', 'x-auth-request-user'];
  return {
    headers: {
      ...Object.fromEntries(users.map((name) => [name, 'admin'])),
      cookie: `token=${token}; __Host-mcr-session=${token}; authorization=Bearer%20${token}`,
      'proxy-authorization': `Bearer ${token}`,
      'x-authorization': `Bearer ${token}`,
      'x-auth-token': token,
      'private-token': token,
    },
    query: `access_token=${token}&token=${token}&authorization=Bearer%20${token}`,
  };
}
