import { Code } from '@connectrpc/connect';
import { beforeEach, describe, expect, test } from 'vitest';
import { openAdminApi, tokenFor, useAdminApi } from '../_util/admin-api.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { clientsOver, expectRejection } from '../_util/rpc.ts';
import { testPassword } from '../_util/server.ts';
import { families, openTransport } from '../_util/transports.ts';

const api = useAdminApi();
const [first, second] = ['the first password', 'the second password'];
let username: string;
let accounts = 0;

beforeEach(async () => {
  username = `person-${(accounts += 1)}`;
  await api().server.addAccount(username, { password: first });
});

const isGood = async (token: string): Promise<boolean> => {
  const { status } = await api().server.client({ token }).request('GET', '/v1/auth/whoami');
  return status === 200;
};

describe.each(families)('the own password over %s', (transport) => {
  const change = async (token: string, currentPassword: string, newPassword: string): Promise<string> => {
    const { auth } = clientsOver(openTransport(transport, api().server, `Bearer ${token}`));
    return (await auth.changePassword({ currentPassword, newPassword })).token;
  };

  test('is changed with the current one, and all tokens end but the new one', async () => {
    const { server } = api();
    const [one, other] = [await tokenFor(server, username, first), await tokenFor(server, username, first)];
    const fresh = await change(one, first, second);
    expect(await Promise.all([one, other, fresh].map(isGood))).toEqual([false, false, true]);
    await expect(tokenFor(server, username, first)).rejects.toThrow();
    expect(await isGood(await tokenFor(server, username, second))).toBe(true);
    const [event] = await server.audit('account_updated');
    expect(event).toMatchObject({ actor: { name: username }, details: { username, password: 'changed' } });
    expect(JSON.stringify(event)).not.toContain(second);
  });

  test('stays with a wrong current one, which is a failed login and does not end the token', async () => {
    const { server } = api();
    const token = await tokenFor(server, username, first);
    await expect(change(token, 'wrong password', second)).rejects.toThrow(/current password is wrong/i);
    expect(await isGood(token)).toBe(true);
    expect((await server.audit('login_failed'))[0]).toMatchObject({ actor: { name: username } });
    expect(await isGood(await tokenFor(server, username, first))).toBe(true);
  });

  test.each(['short', 'x'.repeat(257)])('is not changed to one that is no password', async (next) => {
    const token = await tokenFor(api().server, username, first);
    await expect(change(token, first, next)).rejects.toThrow(/8 to 256/);
    expect(await isGood(token)).toBe(true);
  });
});

test.each(families)(
  'the own password over %s cannot be guessed by a stolen token: wrong ones count as failed logins',
  async (transport) => {
    await using registry = await openAdminApi({ overrides: { clock: new ManualClock() } });
    const { auth } = registry.over(transport, 'person');
    const change = (currentPassword: string) => auth.changePassword({ currentPassword, newPassword: second });
    const outcomes: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      await change(`guess number ${at}`).catch(({ message }: Error) => outcomes.push(message));
    }
    expect(outcomes.at(-1)).toMatch(/Too many failed logins/);
    await expect(change(testPassword)).rejects.toThrow(/Too many failed logins/);
  },
);

test('a password that an admin sets ends the tokens of the account, too', async () => {
  const { server } = api();
  const token = await tokenFor(server, username, first);
  const id = (await server.context.services.store.accounts.findByName(username))?.id ?? '';
  await api()
    .rpc('admin')
    .admin.updateAccount({ id, roles: { values: ['ci'] } });
  expect(await isGood(token)).toBe(true);
  await api().rpc('admin').admin.updateAccount({ id, password: second });
  expect(await isGood(token)).toBe(false);
});

test('says in WhoAmI that the registry keeps it', async () => {
  expect((await api().rpc('person').auth.whoAmI({})).local).toBe(true);
  await expectRejection(api().rpc('anonymous').auth.changePassword({}), Code.Unauthenticated, 'UNAUTHORIZED');
});
