import { expect, test } from 'vitest';
import { ManualClock } from '../_util/manual-clock.ts';
import { startTestServer, type TestServer, testPassword } from '../_util/server.ts';

/** Logs in with a wrong password as a client that is, or claims to be, at an address; gives the status. */
async function guess(server: TestServer, username: string, forwardedFor: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${username}:wrong`).toString('base64')}`;
  const headers = { 'x-forwarded-for': forwardedFor };
  return (await server.client({}).request('GET', '/v2/token', { authorization, headers })).status;
}

const env = { MCR_LIMITS_FAILED_LOGINS: '2' };

test('no client gets another address by writing one into a header', async () => {
  await using server = await startTestServer({ env, overrides: { clock: new ManualClock() } });
  const statuses = [];
  for (let at = 0; at < 4; at += 1) statuses.push(await guess(server, 'admin', `192.0.2.${at}`));
  expect(statuses).toEqual([401, 401, 429, 429]);
});

test('a trusted proxy says who asks, and what a client wrote before it is not believed', async () => {
  await using server = await startTestServer({
    env: { ...env, MCR_SERVER_TRUSTED_PROXIES: '127.0.0.1,10.0.0.1' },
    overrides: { clock: new ManualClock() },
  });
  const statuses = [];
  for (let at = 0; at < 4; at += 1) statuses.push(await guess(server, 'admin', `192.0.2.${at}, 203.0.113.9, 10.0.0.1`));
  expect(statuses).toEqual([401, 401, 429, 429]);
  expect(await guess(server, 'admin', '203.0.113.10, 10.0.0.1')).toBe(401);
  const [event] = await server.audit('login_failed');
  expect(event?.actor.ip).toBe('203.0.113.10');
});

test('guesses at an account lock neither its owner out elsewhere, nor other accounts at the same address', async () => {
  await using server = await startTestServer({
    env: { ...env, MCR_SERVER_TRUSTED_PROXIES: '127.0.0.1' },
    overrides: { clock: new ManualClock() },
  });
  await server.addAccount('ann');
  for (let at = 0; at < 3; at += 1) await guess(server, 'admin', '203.0.113.9');
  const login = async (username: string, address: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${username}:${testPassword}`).toString('base64')}`;
    const headers = { 'x-forwarded-for': address };
    return (await server.client({}).request('GET', '/v2/token', { authorization, headers })).status;
  };
  expect(await login('admin', '203.0.113.9')).toBe(429);
  expect(await login('ann', '203.0.113.9')).toBe(200);
  expect(await login('admin', '198.51.100.1')).toBe(200);
});
