import type { DescMethod } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../src/admin/operations.ts';
import { type AdminApi, openAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import type { Outcome } from '../_util/outcomes.ts';
import { services } from '../_util/rpc.ts';
import { openTransport, type TransportName, transports } from '../_util/transports.ts';
import { tokenSteps } from '../access-tokens/_api-steps.ts';
import { accountSteps, identitySteps } from '../accounts/_api-steps.ts';
import { auditSteps } from '../audit/_api-steps.ts';
import { delegationSteps } from '../delegation/_api-steps.ts';
import { gcSteps } from '../gc/_api-steps.ts';
import { operationSteps } from '../monitoring/_api-steps.ts';
import { policySteps } from '../policy/_api-steps.ts';
import { repositorySteps } from '../repositories/_api-steps.ts';
import { loginSteps, logoutSteps } from '../tokens/_api-steps.ts';
import type { Step } from './_step.ts';

/** Five registries at once, on a machine that may have other things to do. */
const timeout = 60_000;

// For each transport a registry with the same content and a clock that stands still.
const noon = Date.UTC(2026, 5, 15, 12);
const cleanup = new AsyncDisposableStack();
const registries = new Map<TransportName, AdminApi>();
beforeAll(async () => {
  for (const transport of transports) {
    const registry = cleanup.use(await openAdminApi({ overrides: { clock: { now: () => noon } } }));
    await seedImage(registry.server, 'team/app', ['v1', 'v2']);
    await seedImage(registry.server, 'team/tool', ['v1']);
    registries.set(transport, registry);
  }
}, timeout);
afterAll(() => cleanup[Symbol.asyncDispose]());

const steps: readonly Step[] = [
  ...repositorySteps,
  ...gcSteps,
  ...policySteps,
  ...loginSteps,
  ...tokenSteps,
  ...delegationSteps,
  ...accountSteps,
  ...identitySteps,
  ...operationSteps,
  ...auditSteps,
  ...logoutSteps,
];

async function outcomeOver(transport: TransportName, { as = 'admin', call }: Step): Promise<Outcome> {
  const registry = registries.get(transport)!;
  const authorization = as === 'anonymous' ? undefined : `Bearer ${registry.token(as)}`;
  const made = typeof call === 'function' ? call(registry) : call;
  const outcome = await made.send(openTransport(transport, registry.server, authorization));
  await registry.server.context.services.collector.finished();
  return outcome;
}

describe('every transport leads to the same outcome', () => {
  test.each(steps)(
    '$name',
    async (step) => {
      const outcomes = await Promise.all(transports.map((transport) => outcomeOver(transport, step)));
      if (step.rejected !== undefined) {
        expect(outcomes).toEqual(transports.map(() => ({ rejected: step.rejected })));
        return;
      }
      const { view = (data: unknown) => data } = step;
      const seen = outcomes.map((outcome) => {
        if (!('data' in outcome)) throw new Error(JSON.stringify(outcomes));
        return view(outcome.data);
      });
      expect(seen).toEqual(transports.map(() => seen[0]));
      if (step.data !== undefined) expect(seen[0]).toMatchObject(masked(step.data) as object);
    },
    timeout,
  );

  test('and to the same audit log, denials included', async () => {
    const logs = transports.map(async (transport) => {
      const events = await registries.get(transport)!.server.audit();
      const lines = events.map(({ id: _id, ...event }) => mask(JSON.stringify(event)));
      // Each transport has a client of its own.
      return lines.map((line) => line.replace(/,"user_agent":"[^"]*"/, '')).toSorted();
    });
    const [first, ...others] = await Promise.all(logs);
    for (const other of others) expect(other).toEqual(first);
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

const methods = services.filter(({ typeName }) => typeName.startsWith('mcr.v1.')).flatMap((service) => service.methods);

test('every method of the protos is an operation', () => {
  expect(operations.map(({ method }) => String(method)).toSorted()).toEqual(methods.map(String).toSorted());
});

test('every method of the protos has a step', () => {
  const anyIds = { id: () => 'x' } as unknown as AdminApi;
  const called = new Set<DescMethod>(
    steps.map(({ call }) => (typeof call === 'function' ? call(anyIds) : call).method),
  );
  expect(methods.filter((method) => !called.has(method)).map(String)).toEqual([]);
});
