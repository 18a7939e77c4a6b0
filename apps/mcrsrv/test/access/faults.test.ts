import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFakeMcias, tempDirectory } from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../_util/manual-clock.ts';
import { rpcTransport } from '../_util/rpc.ts';
import { startTestServer } from '../_util/server.ts';
import { ociRows } from './_oci-rows.ts';
import { restRows } from './_rest-rows.ts';
import { expectedOutcome, type Request } from './_rows.ts';
import { rpcRows } from './_rpc-rows.ts';
import { outcomeOf } from './_send.ts';
import { createWorld, type World } from './_world.ts';

const cleanup = new AsyncDisposableStack();
let world: World;
beforeAll(async () => {
  world = cleanup.use(await createWorld());
});
afterEach(() => world.faults.clear());
afterAll(() => cleanup[Symbol.asyncDispose]());

describe('CVE-2026-45781: a fault takes rights away and gives none', () => {
  test.each([
    'coordination.versions',
    'accounts.isTokenRevoked',
    'accounts.findById',
    'policy.ruleSet',
    'audit.append',
  ])('when the database fails in %s', { timeout: 180_000 }, async (method) => {
    const transport = rpcTransport(world.server);
    const ways = { client: world.server.admin, transport };
    for (const name of ['revoked', 'disabled', 'machine', 'person']) {
      const caller = world.callers.find((it) => it.name === name)!;
      const asked: [title: string, request: Request][] = [];
      for (const row of [...ociRows, ...restRows, ...rpcRows]) {
        if (expectedOutcome(row, caller, 'other') === 'yes') continue;
        asked.push([row.title, await row.forms[0]!(world, 'other/app', caller)]);
      }
      world.faults.add(method);
      for (const [title, request] of asked) {
        const outcome = await outcomeOf(ways, request, caller.introduce()[0]!);
        expect(outcome, `${title} as ${name}`).not.toBe('yes');
      }
      world.faults.clear();
      await world.tidy();
    }
  });

  test('when MCIAS fails, whatever it responds and however long it takes', async () => {
    const clock = new ManualClock();
    await using mcias = await startFakeMcias({ now: () => clock.now() });
    await using directory = await tempDirectory();
    const ca = join(directory.path, 'mcias-ca.crt');
    await writeFile(ca, mcias.caPem);
    const env = { MCR_AUTH_PROVIDER: 'mcias', MCR_MCIAS_SERVER_URL: mcias.url, MCR_MCIAS_CA_CERT: ca };
    await using registry = await startTestServer({ env, overrides: { clock } });
    const ann = { username: 'ann', password: 'the password of ann', roles: ['admin'] };
    mcias.addAccount(ann);
    const client = registry.client(ann);
    expect((await client.request('GET', '/v2/')).status).toBe(200);
    clock.advance(30_001);
    for (const fault of ['error', 'throttled', 'malformed'] as const) {
      mcias.setFault(fault);
      const { status } = await client.request('GET', '/v2/');
      expect([429, 503], fault).toContain(status);
      expect((await client.request('GET', '/v2/', { authorization: 'Bearer garbage' })).status, fault).not.toBe(200);
    }
    mcias.setFault(undefined);
    expect((await client.request('GET', '/v2/')).status).toBe(200);
  });
});
