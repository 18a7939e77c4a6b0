import type { DescMethod } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../src/admin/operations.ts';
import { type Doors, openDoors } from '../_util/doors.ts';
import { seedImage } from '../_util/images.ts';
import { type Outcome, restOutcome } from '../_util/outcomes.ts';
import { adminRoutes } from '../_util/routes.ts';
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
    if (it.data !== undefined) expect(seen).toMatchObject(masked(it.data) as object);
  });

  test('and to the same audit log, denials included', async () => {
    const log = async ({ server }: Doors): Promise<string[]> => {
      const events = await server.audit();
      const lines = events.map(({ id: _id, ...event }) => mask(JSON.stringify(event)));
      // Each door has a client of its own.
      return lines.map((line) => line.replace(/,"user_agent":"[^"]*"/, '')).toSorted();
    };
    expect(await log(byRpc)).toEqual(await log(byRest));
  });
});

function mask(text: string): string {
  return text.replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'UUID');
}

/** Expected data, where ids are masked as they are in what is compared with it; matchers stay as they are. */
function masked(data: unknown): unknown {
  if (typeof data === 'string') return mask(data);
  if (Array.isArray(data)) return data.map(masked);
  if (typeof data !== 'object' || data === null || Object.getPrototypeOf(data) !== Object.prototype) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, masked(value)]));
}

test('every method of the protos is an operation', () => {
  const methods = services
    .filter(({ typeName }) => typeName.startsWith('mcr.v1.'))
    .flatMap((service) => service.methods);
  expect(operations.map(({ method }) => String(method)).toSorted()).toEqual(methods.map(String).toSorted());
});

describe('the table has', () => {
  const calls = cases.map(({ rpc }) => (typeof rpc === 'function' ? rpc(anyIds) : rpc));
  const requests = cases.map(({ rest }) => (typeof rest === 'function' ? rest(anyIds) : rest));

  test('every RPC that REST has, too', () => {
    const wanted = services.filter(({ typeName }) => typeName.startsWith('mcr.v1.')).flatMap(({ methods }) => methods);
    const covered = new Set<DescMethod>(calls.map(({ method }) => method));
    expect(wanted.filter((method) => !covered.has(method)).map(String)).toEqual([]);
  });

  test('every route that the RPCs have, too', () => {
    const covered = adminRoutes.filter(({ method, path }) => {
      const pattern = new RegExp(
        `^${path.replace(/\{(?:name|repository)\}/, '.+').replaceAll(/\{\w+\}/g, '[^/]+')}(?:\\?.*)?$`,
      );
      return requests.some(([used, target]) => used === method && pattern.test(target));
    });
    const missing = adminRoutes.filter((route) => !covered.includes(route)).map(({ path }) => path);
    expect(missing).toEqual(['/v1/openapi.json']);
  });
});
