import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientsOver, rejection } from '../_util/rpc.ts';
import type { TestServer } from '../_util/server.ts';
import { families, openTransport } from '../_util/transports.ts';
import { basic, type Created, createdBy, json, openWorkers, type Workers } from './_workers.ts';

let at: Workers;
beforeAll(async () => {
  at = await openWorkers();
});
afterAll(() => at?.[Symbol.asyncDispose]());

const change = () => ({ actor: {}, now: at.clock.now() });
const exchange = (server: TestServer, secret: string, username = 'robot') =>
  server.admin.request('GET', '/v2/token', { authorization: basic(username, secret) });
const get = async (server: TestServer, path: string, token: string) =>
  (await server.admin.request('GET', path, { authorization: `Bearer ${token}` })).status;

/** What is accepted of a token on every worker and over every transport: its secret, and what it was exchanged for. */
async function accepted(secret: string, token: string): Promise<readonly string[]> {
  const found: string[] = [];
  const note = (name: string, isAccepted: boolean) => isAccepted && found.push(name);
  for (const [name, server] of Object.entries({ one: at.one, other: at.other })) {
    note(`${name}: login`, (await exchange(server, secret)).status === 200);
    note(`${name}: /v2`, (await get(server, '/v2/', token)) === 200);
    for (const transport of families) {
      for (const [credential, bearer] of [
        ['secret', secret],
        ['token', token],
      ] as const) {
        const { auth } = clientsOver(openTransport(transport, server, `Bearer ${bearer}`));
        const outcome = await auth.whoAmI({}).then(
          () => true,
          async (error: unknown) => {
            expect((await rejection(Promise.reject(error))).code).toBe(Code.Unauthenticated);
            return false;
          },
        );
        note(`${name}: ${transport} with the ${credential}`, outcome);
      }
    }
  }
  return found;
}

const everywhere = 2 * (2 + 2 * families.length);

describe('a token is rejected by every worker and transport with the next request, and what it was exchanged for', () => {
  let created: Created;
  let token: string;
  beforeEach(async () => {
    created = await at.create({ account: 'robot', scope: 'admin:read' });
    token = (await exchange(at.one, created.secret)).json().token;
    expect(await accepted(created.secret, token)).toHaveLength(everywhere);
  });

  test('once it is revoked on another one', async () => {
    const revoked = await at.other.admin.request('DELETE', `/v1/tokens/${created.id}`);
    expect(revoked.status).toBe(204);
    expect(await accepted(created.secret, token)).toEqual([]);
    const [event] = await at.one.audit('token_revoked');
    expect(event).toMatchObject({ actor: { name: 'admin' }, details: { token_id: created.id, username: 'robot' } });
  });

  test('once it was rotated without an overlap, and the new secret works', async () => {
    const path = `/v1/tokens/${created.id}:rotate`;
    const rotated = createdBy(await at.other.admin.request('POST', path, json({ overlap_seconds: 0 })));
    expect(rotated.id).toBe(created.id);
    expect(await accepted(created.secret, token)).toEqual([]);
    const next = (await exchange(at.one, rotated.secret)).json().token;
    expect(await accepted(rotated.secret, next)).toHaveLength(everywhere);
  });

  test('once the overlap of a rotation has ended, and not before', async () => {
    const path = `/v1/tokens/${created.id}:rotate`;
    createdBy(await at.other.admin.request('POST', path, json({ overlap_seconds: 60 })));
    at.clock.advance(59_999);
    expect(await accepted(created.secret, token)).toHaveLength(everywhere);
    at.clock.advance(1);
    expect(await accepted(created.secret, token)).toEqual([]);
  });

  test('once it was rotated twice, whatever the overlap', async () => {
    const path = `/v1/tokens/${created.id}:rotate`;
    for (const _ of ['once', 'twice']) createdBy(await at.other.admin.request('POST', path));
    expect(await accepted(created.secret, token)).toEqual([]);
  });

  test('once its owner is disabled, until the owner is enabled again', async () => {
    const { accounts } = at.other.context.services.store;
    const { id } = (await accounts.findByName('robot'))!;
    await accounts.update({ ...change(), id, patch: { enabled: false } });
    expect(await accepted(created.secret, token)).toEqual([]);
    await accounts.update({ ...change(), id, patch: { enabled: true } });
    expect(await accepted(created.secret, token)).toHaveLength(everywhere);
  });

  test('once it has expired', async () => {
    await at.later(90 * 86_400_000 - 1);
    token = (await exchange(at.one, created.secret)).json().token;
    expect(await exchange(at.one, created.secret)).toMatchObject({ status: 200 });
    at.clock.advance(1);
    expect(await accepted(created.secret, token)).toEqual([]);
  });
});

test('the tokens of an account that is deleted are gone, also for a later account of the same name', async () => {
  const id = await at.one.addAccount('leaver', { type: 'system' });
  const { secret } = await at.create({ account: 'leaver' });
  expect((await exchange(at.one, secret, 'leaver')).status).toBe(200);
  await at.other.context.services.store.accounts.delete({ ...change(), id });
  await at.one.addAccount('leaver', { type: 'system' });
  expect((await exchange(at.one, secret, 'leaver')).status).toBe(401);
});

test('a logout ends what a token was exchanged for, and not the token', async () => {
  const { secret } = await at.create({ account: 'robot', scope: 'admin:read' });
  const { token } = (await exchange(at.one, secret)).json();
  const logout = await at.one.admin.request('POST', '/v1/auth/logout', { authorization: `Bearer ${token}` });
  expect(logout.status).toBe(204);
  expect(await get(at.other, '/v2/', token)).toBe(401);
  expect((await exchange(at.other, secret)).status).toBe(200);
});

test('another password of the account leaves its tokens as they are', async () => {
  const { secret } = await at.create({ account: 'robot' });
  const { accounts } = at.one.context.services.store;
  const { id, passwordHash } = (await accounts.findByName('robot'))!;
  await accounts.update({ ...change(), id, patch: { passwordHash: 'another' } });
  expect((await exchange(at.other, secret)).status).toBe(200);
  await accounts.update({ ...change(), id, patch: { passwordHash } });
});
