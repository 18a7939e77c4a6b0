import { describe, expect, test } from 'vitest';
import { brokenBuild } from '../src/crash/faults/broken-build.ts';
import { keepLedgers } from '../src/ledgers/ledger.ts';
import { workerServers } from '../src/ledgers/workers.ts';

/** More of them to look longer, and another seed to look elsewhere. */
const seconds = Number(process.env['MCR_TEST_LEDGER_SECONDS'] ?? 60);
const seed = process.env['MCR_TEST_LEDGER_SEED'] ?? '1';
/** The first round shows most faults; on a busy machine it takes a few seconds. */
const brokenSeconds = 120;

test(
  'nothing acknowledged is lost, and no byte is wrong, while a worker is killed every other second',
  async () => {
    await using servers = await workerServers(2);
    const { counts, violations } = await keepLedgers(servers, { seconds, seed });
    expect(violations).toEqual([]);
    // Nothing went wrong because something happened, not because nothing did.
    for (const what of ['acknowledged', 'blobs collected', 'blobs pulled', 'kills of worker 1', 'kills of worker 2']) {
      expect(counts[what], what).toBeGreaterThan(0);
    }
  },
  (seconds + 300) * 1_000,
);

describe('the ledger notices', () => {
  test.each(['digest-locators', 'no-leases'] as const)(
    '%s',
    async (fault) => {
      await using build = await brokenBuild(fault);
      await using servers = await workerServers(2, build);
      const { violations } = await keepLedgers(servers, { seconds: brokenSeconds, seed });
      expect(violations).not.toEqual([]);
    },
    (brokenSeconds + 120) * 1_000,
  );
});
