import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { expectRejection } from '../_util/rpc.ts';
import { families } from '../_util/transports.ts';

const day = 86_400_000;
const today = Date.UTC(2026, 5, 15);
const api = useAdminApi({ overrides: { clock: { now: () => today + day / 2 } } });

beforeAll(async () => {
  const event = (type: 'manifest_pushed' | 'manifest_pulled' | 'policy_deny', at: number) => {
    return { type, at, actor: {}, details: {} };
  };
  await api().server.context.services.store.audit.append([
    event('manifest_pushed', today - 2 * day),
    event('manifest_pulled', today - 1),
    event('manifest_pulled', today - day),
    event('policy_deny', today - day - 1),
    event('policy_deny', today - 40 * day),
  ]);
});

describe.each(families)('GetActivity over %s', (transport) => {
  const audit = () => api().over(transport).audit;

  test('counts by the day in UTC, from its first moment to its last, oldest first', async () => {
    const { days } = await audit().getActivity({ days: 3 });
    expect(days.map(({ start, pushes, pulls, denials }) => [timestampMs(start!), pushes, pulls, denials])).toEqual([
      [today - 2 * day, 1n, 0n, 1n],
      [today - day, 0n, 2n, 0n],
      [today, 0n, 0n, 0n],
    ]);
  });

  test('looks at 30 days by default, and at a leap year at most', async () => {
    expect((await audit().getActivity({})).days).toHaveLength(30);
    expect((await audit().getActivity({ days: 366 })).days).toHaveLength(366);
    for (const days of [-1, 367, 2 ** 31 - 1]) {
      await expectRejection(audit().getActivity({ days }), Code.InvalidArgument, 'PARAMETER_INVALID');
    }
  });
});
