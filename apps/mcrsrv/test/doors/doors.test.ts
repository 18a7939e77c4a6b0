import type { DescMethod } from '@bufbuild/protobuf';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restRoutes } from '../../src/rest/app.ts';
import { type Doors, openDoors } from '../_util/doors.ts';
import { seedImage } from '../_util/images.ts';
import { type Outcome, restOutcome } from '../_util/outcomes.ts';
import { rpcTransport, services } from '../_util/rpc.ts';
import { adminCases } from './_admin-cases.ts';
import type { Case } from './_cases.ts';
import { policyCases } from './_policy-cases.ts';
import { registryCases } from './_registry-cases.ts';

// Two registries with the same content and a clock that stands still: one is entered by REST, the other by RPC.
const noon = Date.UTC(2026, 5, 15, 12);
const cleanup = new AsyncDisposableStack();
let byRest: Doors;
let byRpc: Doors;
beforeAll(async () => {
  const open = async (): Promise<Doors> => {
    const doors = cleanup.use(await openDoors({ overrides: { clock: { now: () => noon } } }));
    await seedImage(doors.server, 'team/app', ['v1', 'v2']);
    await seedImage(doors.server, 'team/tool', ['v1']);
    return doors;
  };
  byRest = await open();
  byRpc = await open();
});
afterAll(() => cleanup[Symbol.asyncDispose]());

async function throughRest({ as = 'admin', rest }: Case): Promise<Outcome> {
  const [method, path, body] = typeof rest === 'function' ? rest(byRest) : rest;
  const outcome = restOutcome(await byRest.rest(as).call(method, path, body));
  await byRest.server.context.services.collector.finished();
  return outcome;
}

async function throughRpc({ as = 'admin', rpc }: Case): Promise<Outcome> {
  const call = typeof rpc === 'function' ? rpc(byRpc) : rpc;
  const authorization = as === 'nobody' ? undefined : `Bearer ${byRpc.token(as)}`;
  const outcome = await call.send(rpcTransport(byRpc.server, authorization));
  await byRpc.server.context.services.collector.finished();
  return outcome;
}

/** Stands in for ids where only the shape of a case is asked for. */
const anyIds = { id: () => 'x' } as unknown as Doors;

const same = (data: unknown): unknown => data;
const cases = [...registryCases, ...policyCases, ...adminCases];

describe('both doors lead to the same outcome', () => {
  test.each(cases)('$name', async (it) => {
    const rest = await throughRest(it);
    const rpc = await throughRpc(it);
    if (it.refused !== undefined) {
      expect({ rest, rpc }).toEqual({ rest: { refused: it.refused }, rpc: { refused: it.refused } });
      return;
    }
    if (!('data' in rest) || !('data' in rpc)) throw new Error(`${JSON.stringify(rest)}, ${JSON.stringify(rpc)}`);
    const { restView = same, rpcView = same } = it;
    const seen = restView(rest.data);
    expect(rpcView(rpc.data)).toEqual(seen);
    if (it.data !== undefined) expect(seen).toMatchObject(masked(it.data));
  });

  test('and to the same audit log, denials included', async () => {
    const log = async ({ server }: Doors): Promise<string[]> => {
      const events = await server.audit();
      return events.map(({ id: _id, ...event }) => mask(JSON.stringify(event))).toSorted();
    };
    expect(await log(byRpc)).toEqual(await log(byRest));
  });
});

function mask(text: string): string {
  return text.replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'UUID');
}

function masked(data: object): object {
  return JSON.parse(mask(JSON.stringify(data)));
}

describe('the table has', () => {
  const calls = cases.map(({ rpc }) => (typeof rpc === 'function' ? rpc(anyIds) : rpc));
  const requests = cases.map(({ rest }) => (typeof rest === 'function' ? rest(anyIds) : rest));

  test('every RPC that REST has, too', () => {
    const { getManifest, inspectManifest, getRepositoryUsage, planTagDeletion, deleteTags } = RegistryService.method;
    const restLacks: DescMethod[] = [
      getManifest,
      inspectManifest,
      getRepositoryUsage,
      planTagDeletion,
      deleteTags,
      AuditService.method.getActivity,
      AdminService.method.getStorageUsage,
      AuthService.method.listPermissions,
    ];
    const wanted = services
      .filter(({ typeName }) => typeName.startsWith('mcr.v1.'))
      .flatMap(({ methods }) => methods)
      .filter((method) => !restLacks.includes(method));
    const covered = new Set<DescMethod>(calls.map(({ method }) => method));
    expect(wanted.filter((method) => !covered.has(method)).map(String)).toEqual([]);
  });

  test('every route that the RPCs have, too', () => {
    const rpcLacks = ['/v1/ready', '/v1/openapi.json'];
    const covered = restRoutes.filter(({ method, path }) => {
      const pattern = new RegExp(`^${path.replace('{name}', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}(?:\\?.*)?$`);
      return requests.some(([used, target]) => used === method && pattern.test(target));
    });
    const missing = restRoutes.filter((route) => !covered.includes(route)).map(({ path }) => path);
    expect(missing.toSorted()).toEqual(rpcLacks.toSorted());
  });
});
