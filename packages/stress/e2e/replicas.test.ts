import { requireGoProgram, requirePostgres, requireS3Server } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { keepLedgers } from '../src/ledgers/ledger.ts';
import { replicaServers } from '../src/ledgers/replicas.ts';

/** More of them to look longer, and another seed to look elsewhere. */
const seconds = Number(process.env['MCR_TEST_LEDGER_SECONDS'] ?? 60);
const seed = process.env['MCR_TEST_LEDGER_SEED'] ?? '1';
const replicas = 3;
const canRun = [requirePostgres(15), requireS3Server('versitygw'), requireGoProgram('server')].every(Boolean);

describe.skipIf(!canRun)('replicas on PostgreSQL and S3, of which one is killed every other second', () => {
  test(
    'lose nothing acknowledged and serve no wrong byte while connections to both are late, reset, cut and closed',
    async () => {
      await using servers = await replicaServers(replicas);
      const { counts, violations } = await keepLedgers(servers, { seconds, seed });
      expect(violations).toEqual([]);
      // Nothing went wrong because something happened, not because nothing did.
      const happened = ['acknowledged', 'blobs collected', 'blobs pulled'];
      const killed = Array.from({ length: replicas }, (_, at) => `kills of replica ${at + 1}`);
      for (const what of [...happened, ...killed]) expect(counts[what], what).toBeGreaterThan(0);
    },
    (seconds + 300) * 1_000,
  );
});
