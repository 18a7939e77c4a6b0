import { requirePostgres, requireS3Server } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { brokenBuild } from '../src/crash/faults/broken-build.ts';
import { testPromises } from './_promises.ts';
import { pushTruncated } from './_truncation.ts';

const areInstalled = [requirePostgres(15), requireS3Server('versitygw')].every(Boolean);

// What the ledger of replicas relies on, each alone and undisturbed, so that breaking it shows each time.
describe.skipIf(!areInstalled).concurrent('replicas on PostgreSQL and S3', () => {
  test('keep a blob that a HEAD at another replica has found', async () => {
    const { kept, broken } = await testPromises();
    expect(broken).toEqual([]);
    expect(kept).toBeGreaterThan(0);
  });

  test('would lose it without leases: a control that this is noticed', async () => {
    await using build = await brokenBuild('no-leases-in-postgres');
    const { kept, broken } = await testPromises(build);
    expect(kept).toBe(0);
    expect(broken.length).toBeGreaterThan(0);
  });

  test('acknowledge no blob of which S3 got only a part', async () => {
    const { pushed, pulled, cut } = await pushTruncated();
    expect({ pushed, pulled }).toEqual({ pushed: 503, pulled: 404 });
    expect(cut).toBeGreaterThan(0);
  });

  test('would acknowledge it with unsigned payloads: a control that this is noticed', async () => {
    await using build = await brokenBuild('unsigned-payload');
    const { pushed, pulled } = await pushTruncated(build);
    expect(pushed).toBe(201);
    expect(pulled).not.toBe(200);
  });
});
