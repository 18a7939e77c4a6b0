import { generateKeyPairSync } from 'node:crypto';
import { type FakeIssuer, githubClaims, kubernetesClaims, startFakeIssuer } from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isMet, matchesClaim } from './claim-conditions.ts';
import { LoginRejection } from './errors.ts';
import { createOutboundFetch } from './outbound-fetch.ts';
import { MemoryAccounts } from './testing/memory-accounts.ts';
import { type Workload, WorkloadProvider } from './workload-provider.ts';

const { privateKey: signingKey } = generateKeyPairSync('ed25519');
const audience = 'registry.example.com';
const wrong = { code: 'UNAUTHORIZED', message: 'The username or the password is wrong' };
const invalid = { code: 'UNAUTHORIZED', message: 'The token is invalid, expired or revoked; log in again' };
const unavailable = { code: 'UNAVAILABLE' };
const keysPath = '/keys';

let issuer: FakeIssuer;
let accounts: MemoryAccounts;

beforeAll(async () => {
  issuer = await startFakeIssuer();
});
afterAll(() => issuer[Symbol.asyncDispose]());
beforeEach(() => {
  accounts = new MemoryAccounts();
  issuer.calls.clear();
  issuer.responses.clear();
  // The rate of fetches is measured by the machine's clock, which tests move.
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const release: Pick<Workload, 'name' | 'conditions' | 'roles'> = {
  name: 'release',
  conditions: [
    { claim: ['repository_owner_id'], anyOf: ['id-of-acme'] },
    { claim: ['repository'], anyOf: ['acme/app'] },
  ],
  roles: ['ci'],
};

function providerOf(workload: Partial<Workload> = {}): WorkloadProvider {
  const fetch = createOutboundFetch({ caCert: issuer.caPem, timeoutMs: 2_000 });
  const workloads = [{ ...release, issuer: issuer.issuer, audience, fetch, ...workload }];
  const clock = { now: () => Date.now() };
  return new WorkloadProvider({ workloads, store: accounts, signingKey, serviceName: 'mcr', clock });
}

const github = (claims: object = {}) => issuer.sign({ ...githubClaims('acme/app', audience), ...claims });
const reasonOf = async (login: Promise<unknown>): Promise<unknown> => {
  const error = await login.then(
    () => undefined,
    (error: Error) => error,
  );
  expect(error).toMatchObject(wrong);
  expect(error?.cause).toBeInstanceOf(LoginRejection);
  const { details } = error!.cause as LoginRejection;
  return details['reason'];
};

describe('a login with a token of the issuer', () => {
  test('gives a token of the workload for an hour, and says which job it is', async () => {
    const provider = providerOf();
    const issued = await provider.login('release', await github());
    const principal = {
      id: expect.any(String),
      username: 'workload:release',
      accountType: 'system',
      roles: ['ci'],
      isFederated: true,
    };
    expect(issued.principal).toEqual(principal);
    expect(issued.expiresAt - issued.issuedAt).toBe(3_600_000);
    expect(issued.details).toMatchObject({
      workload: 'release',
      issuer: issuer.issuer,
      repository: 'acme/app',
      ref: 'refs/heads/main',
      run_id: '4242',
    });
    expect(await provider.validate(issued.token)).toEqual({ principal, expiresAt: issued.expiresAt });
    expect(provider.claims(issued.token)).toBe(true);
  });

  test('works for a service account of Kubernetes, by its nested claims', async () => {
    const conditions = [
      { claim: ['sub'], anyOf: ['system:serviceaccount:ci:*'] },
      { claim: ['kubernetes.io', 'serviceaccount', 'uid'], anyOf: ['uid-of-pusher', 'uid-of-other'] },
    ];
    const provider = providerOf({ conditions });
    const { details } = await provider.login('release', await issuer.sign(kubernetesClaims('ci', 'pusher', audience)));
    expect(details).toMatchObject({ 'kubernetes.io.namespace': 'ci', 'kubernetes.io.pod.name': 'pusher-0' });
    const stranger = await issuer.sign(kubernetesClaims('ci-evil', 'pusher', audience));
    expect(await reasonOf(provider.login('release', stranger))).toBe('condition sub');
  });

  test.each([
    ['another repository of the owner', () => githubClaims('acme/other', audience), 'condition repository'],
    ['a repository whose name goes on', () => githubClaims('acme/app-evil', audience), 'condition repository'],
    ['a repository of another owner', () => githubClaims('evil/app', audience), 'condition repository_owner_id'],
    ['another audience', () => githubClaims('acme/app', 'other.example.com'), 'claim aud'],
    ['no audience', () => ({ ...githubClaims('acme/app', audience), aud: undefined }), 'claim aud'],
    ['another issuer', () => ({ ...githubClaims('acme/app', audience), iss: 'https://evil.example.com' }), 'claim iss'],
    [
      'the issuer with a slash',
      () => ({ ...githubClaims('acme/app', audience), iss: `${issuer.issuer}/` }),
      'claim iss',
    ],
    ['no subject', () => ({ ...githubClaims('acme/app', audience), sub: undefined }), 'claim sub'],
    ['no end', () => ({ ...githubClaims('acme/app', audience), exp: undefined }), 'claim exp'],
    ['an end in the past', () => ({ ...githubClaims('acme/app', audience), exp: 1 }), 'expired'],
    ['a beginning in the future', () => ({ ...githubClaims('acme/app', audience), nbf: 9_999_999_999 }), 'claim nbf'],
    [
      'a list where a text belongs',
      () => ({ ...githubClaims('acme/app', audience), repository: { 0: 'acme/app' } }),
      'condition repository',
    ],
  ])('with %s is rejected', async (_, claims, reason) => {
    expect(await reasonOf(providerOf().login('release', await issuer.sign(claims())))).toBe(reason);
  });

  test('signed by another key, by none, or by a secret that is the public key is rejected', async () => {
    const provider = providerOf();
    await using other = await startFakeIssuer();
    const foreign = await other.sign({ ...githubClaims('acme/app', audience), iss: issuer.issuer });
    expect(await reasonOf(provider.login('release', foreign))).toBe('signature');
    const [, claims = ''] = (await github()).split('.');
    const head = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url');
    expect(await reasonOf(provider.login('release', `${head({ alg: 'none', typ: 'JWT' })}.${claims}.`))).toBe(
      'algorithm',
    );
    const forged = `${head({ alg: 'HS256', kid: 'key-1', typ: 'JWT' })}.${claims}.AAAA`;
    expect(await reasonOf(provider.login('release', forged))).toBe('algorithm');
    const jku = `${head({ alg: 'RS256', kid: 'key-1', jku: `${other.issuer}${keysPath}` })}.${claims}.AAAA`;
    expect(await reasonOf(provider.login('release', jku))).toBe('signature');
    expect(other.calls.size, 'nothing that a token names is fetched').toBe(0);
  });

  test('is for names of workloads, and passwords that look like tokens', async () => {
    const provider = providerOf();
    const token = await github();
    expect(provider.takes('release', token)).toBe(true);
    expect(provider.takes('other', token)).toBe(false);
    expect(provider.takes('release', 'correct horse')).toBe(false);
    expect(provider.takes('release', `${token}${'a'.repeat(8_192)}`)).toBe(false);
  });
});

describe('the keys of the issuer', () => {
  test('are fetched once for logins at the same time, and once for many unknown keys', async () => {
    const provider = providerOf();
    const token = await github();
    await Promise.all(Array.from({ length: 20 }, () => provider.login('release', token)));
    expect(issuer.calls.get(keysPath)).toBe(1);
    const [, claims] = token.split('.');
    for (let at = 0; at < 20; at += 1) {
      const head = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `strange-${at}` })).toString('base64url');
      expect(await reasonOf(provider.login('release', `${head}.${claims}.AAAA`))).toBe('unknown key');
    }
    expect(issuer.calls.get(keysPath)).toBe(1);
  });

  test('are those of now: a rotated one is known after the pause, and a withdrawn one is not', async () => {
    const provider = providerOf();
    const before = await github();
    await provider.login('release', before);
    await issuer.rotate();
    const after = await github();
    expect(await reasonOf(provider.login('release', after))).toBe('unknown key');
    vi.setSystemTime(Date.now() + 31_000);
    await provider.login('release', after);
    expect(await reasonOf(provider.login('release', before))).toBe('unknown key');
  });

  test('are asked for anew after ten minutes', async () => {
    const provider = providerOf();
    await provider.login('release', await github());
    vi.setSystemTime(Date.now() + 601_000);
    await provider.login('release', await github());
    expect(issuer.calls.get(keysPath)).toBe(2);
  });

  test.each([
    [
      'of the discovery document',
      '/.well-known/openid-configuration',
      { status: 302, body: '', location: '/elsewhere' },
    ],
    ['of the keys', keysPath, { status: 307, body: '', location: '/elsewhere' }],
    [
      'a document of another issuer',
      '/.well-known/openid-configuration',
      { status: 200, body: '{"issuer":"https://evil.example.com"}' },
    ],
    [
      'a set that is too large',
      keysPath,
      { status: 200, body: JSON.stringify({ keys: [], junk: 'x'.repeat(300_000) }) },
    ],
    [
      'a set of too many keys',
      keysPath,
      { status: 200, body: JSON.stringify({ keys: Array.from({ length: 65 }, () => ({})) }) },
    ],
    ['no JSON', keysPath, { status: 200, body: '<html>' }],
    ['a server error', keysPath, { status: 500, body: '{}' }],
  ])(
    'are unavailable after a redirect or a bad response, and not asked for again for a while: %s',
    async (_, path, response) => {
      const provider = providerOf();
      const token = await github();
      issuer.responses.set(path, response);
      for (let at = 0; at < 10; at += 1)
        await expect(provider.login('release', token)).rejects.toMatchObject(unavailable);
      expect(issuer.calls.get(path)).toBe(1);
      expect(issuer.calls.has('/elsewhere')).toBe(false);
      issuer.responses.clear();
      vi.setSystemTime(Date.now() + 6_000);
      await provider.login('release', token);
    },
  );

  test('are not fetched from another origin that the discovery document names', async () => {
    await using other = await startFakeIssuer();
    const document = { issuer: issuer.issuer, jwks_uri: `${other.issuer}${keysPath}` };
    issuer.responses.set('/.well-known/openid-configuration', { status: 200, body: JSON.stringify(document) });
    await expect(providerOf().login('release', await github())).rejects.toMatchObject(unavailable);
    expect(other.calls.size).toBe(0);
  });

  test('are where the configuration says, as for an API server of Kubernetes', async () => {
    const provider = providerOf({ issuer: 'https://kubernetes.default.svc', jwksUrl: `${issuer.issuer}${keysPath}` });
    await provider.login('release', await github({ iss: 'https://kubernetes.default.svc' }));
    expect([...issuer.calls.keys()]).toEqual([keysPath]);
  });

  test('serve on while the issuer is down, and without them a login is unavailable', async () => {
    await using down = await startFakeIssuer();
    const fetch = createOutboundFetch({ caCert: down.caPem, timeoutMs: 2_000 });
    const [warm, cold] = [providerOf({ issuer: down.issuer, fetch }), providerOf({ issuer: down.issuer, fetch })];
    const token = await down.sign(githubClaims('acme/app', audience));
    await warm.login('release', token);
    await down.stop();
    await warm.login('release', token);
    await expect(cold.login('release', token)).rejects.toMatchObject(unavailable);
  });
});

describe('the token of a workload', () => {
  test('ends when the configuration of the workload changes, or it is no longer there', async () => {
    const { token } = await providerOf().login('release', await github());
    expect((await providerOf({ roles: ['other'] }).validate(token)).principal.roles).toEqual(['other']);
    const narrowed = [...release.conditions, { claim: ['ref'], anyOf: ['refs/tags/*'] }];
    await expect(providerOf({ conditions: narrowed }).validate(token)).rejects.toMatchObject(invalid);
    await expect(providerOf({ audience: 'other' }).validate(token)).rejects.toMatchObject(invalid);
    await expect(providerOf({ name: 'other' }).validate(token)).rejects.toMatchObject(invalid);
  });

  test('ends after an hour, and by a logout', async () => {
    const provider = providerOf();
    const { token } = await provider.login('release', await github());
    const { token: other } = await provider.login('release', await github());
    await provider.revoke(token);
    await expect(provider.validate(token)).rejects.toMatchObject(invalid);
    await provider.validate(other);
    vi.setSystemTime(Date.now() + 3_601_000);
    await expect(provider.validate(other)).rejects.toMatchObject(invalid);
  });

  test('has an id that is the same in every process, and another one for each name', async () => {
    const idOf = async (name: string) => (await providerOf({ name }).login(name, await github())).principal?.id ?? '';
    expect(await idOf('release')).toBe(await idOf('release'));
    expect(await idOf('release')).not.toBe(await idOf('releases'));
    expect(await idOf('release')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('a condition', () => {
  test.each([
    ['acme/app', 'acme/app', true],
    ['acme/app', 'acme/app-evil', false],
    ['acme/app', 'acme/app/', false],
    ['acme/*', 'acme/app', true],
    ['acme/*', 'acme/', false],
    ['acme/*', 'acme/a/b', false],
    ['acme/*', 'acme-evil/app', false],
    ['acme/*', 'acme:app', false],
    ['acme/**', 'acme/a/b', true],
    ['acme/**', 'acme', false],
    ['acme/**', 'acme/', false],
    ['repo:acme/app:**', 'repo:acme/app:ref:refs/heads/a/b', true],
    ['repo:acme/app:**', 'repo:acme/app-evil:ref:refs/heads/a', false],
    ['repo:acme/*:environment:prod', 'repo:acme/app:environment:prod', true],
    ['repo:acme/*:environment:prod', 'repo:acme/app:x:environment:prod', false],
    ['Acme/app', 'acme/app', false],
  ])('%s for the value %s: %s', (pattern, value, met) => {
    expect(matchesClaim(value, pattern)).toBe(met);
  });

  test('is met by one value of a list, and never by what is inherited', () => {
    expect(isMet({ groups: ['a', 'b'] }, { claim: ['groups'], anyOf: ['b'] })).toBe(true);
    expect(isMet({ groups: ['a'] }, { claim: ['groups'], anyOf: ['b'] })).toBe(false);
    expect(isMet({ id: 7 }, { claim: ['id'], anyOf: ['7'] })).toBe(true);
    expect(isMet({}, { claim: ['constructor', 'name'], anyOf: ['Object'] })).toBe(false);
  });
});
