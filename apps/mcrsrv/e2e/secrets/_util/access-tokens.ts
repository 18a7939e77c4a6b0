import { expect } from 'vitest';
import type { Ledger } from './ledger.ts';
import { asForm, asJson, basic, bearer, type TestResponse, type visitor } from './visitor.ts';

/** Where tokens are used, by whom. */
export interface TokenPlaces {
  readonly ask: ReturnType<typeof visitor>;
  readonly baseUrl: string;
  readonly grpcUrl: string;
  /** A token of the admin. */
  readonly admin: string;
}

const json = JSON.stringify;

/** Creates access tokens of people and robots, rotates, uses and revokes them, rightly and wrongly, at every transport. */
export async function useAccessTokens(ledger: Ledger, { ask, baseUrl, grpcUrl, admin }: TokenPlaces): Promise<void> {
  const own = { ...asJson, ...bearer(admin) };
  const issued = (name: string, response: TestResponse): { readonly id: string; readonly secret: string } => {
    const { token, secret } = JSON.parse(response.body) as { token: { id: string }; secret: string };
    expect(secret, name).toMatch(/^mcr[pr]_/);
    return { id: token.id, secret: ledger.secret(name, secret) };
  };
  const post = (path: string, body: string, issues = true) =>
    ask('POST', `${baseUrl}${path}`, { headers: own, body, issues });
  const robot = json({ username: 'robot', account_type: 'system', password: ledger.password('password of robot') });
  await post('/v1/accounts', robot, false);
  const person = issued('token of a person', await post('/v1/tokens', json({ name: 'own', scope: 'admin:write' })));
  const machine = issued('token of a robot', await post('/v1/tokens', json({ name: 'ci', account: 'robot' })));
  const create = { headers: own, body: json({ name: 'rpc', scope: 'admin:read' }), issues: true };
  const rpc = issued('token by RPC', await ask('POST', `${grpcUrl}/mcr.v1.TokenService/CreateToken`, create));
  const before = person.secret;
  const rotated = issued('rotated token', await post(`/v1/tokens/${person.id}:rotate`, '{}'));

  const misspelled = ledger.secret('misspelled token', `${machine.secret.slice(0, -3)}zzz`);
  const name = { [before]: 'admin', [rotated.secret]: 'admin', [rpc.secret]: 'admin' };
  for (const secret of [before, rotated.secret, machine.secret, rpc.secret, misspelled]) {
    await useSecret(name[secret] ?? 'robot', secret);
  }
  for (const { id } of [person, machine, rpc]) await ask('DELETE', `${baseUrl}/v1/tokens/${id}`, { headers: own });
  for (const secret of [rotated.secret, machine.secret, rpc.secret]) await useSecret(name[secret] ?? 'robot', secret);
  await ask('GET', `${baseUrl}/v1/tokens?all=true`, { headers: own });

  /** As the password, as an identity token, by itself, and where it does not belong. */
  async function useSecret(username: string, secret: string): Promise<void> {
    const form = (fields: Record<string, string>) => ({
      headers: asForm,
      body: new URLSearchParams(fields).toString(),
      issues: true,
    });
    const refresh = { grant_type: 'refresh_token', refresh_token: secret };
    for (const response of [
      await ask('GET', `${baseUrl}/v2/token?service=mcr`, { headers: basic(username, secret), issues: true }),
      await ask('POST', `${baseUrl}/v2/token`, form({ grant_type: 'password', username, password: secret })),
      await ask('POST', `${baseUrl}/v2/token`, form(refresh)),
    ]) {
      if (response.status !== 200) ledger.wrote('bodies of responses', response.body);
      else ledger.token(`token of ${username}`, (JSON.parse(response.body) as { token: string }).token);
    }
    for (const path of ['/v2/', '/v2/team/app/tags/list', '/v1/auth/whoami', '/v1/accounts', `/v2/?token=${secret}`]) {
      await ask('GET', `${baseUrl}${path}`, { headers: bearer(secret) });
      await ask('GET', `${baseUrl}${path}`, { headers: basic(username, secret) });
    }
    const listed = { headers: { ...asJson, ...bearer(secret) }, body: '{}' };
    await ask('POST', `${grpcUrl}/mcr.v1.TokenService/ListTokens`, listed);
    await ask('POST', `${baseUrl}/v1/auth/login`, { headers: asJson, body: json({ password: [secret] }) });
    await ask('PATCH', `${baseUrl}/v1/tokens/${secret}`, { headers: listed.headers, body: '{}' });
  }
}
