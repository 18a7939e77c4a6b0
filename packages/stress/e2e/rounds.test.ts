import { expect, test } from 'vitest';
import { runRounds } from '../src/crash/rounds/rounds.ts';

/** More of them to look longer, and another seed to look elsewhere. */
const rounds = Number(process.env['MCR_TEST_CRASH_ROUNDS'] ?? 25);
const seed = process.env['MCR_TEST_CRASH_SEED'] ?? '1';

test(
  'everything acknowledged is there, and nothing half-done, after SIGKILL under load, round after round',
  async () => {
    const summary = await runRounds({ seed, rounds });
    expect(summary.failures).toEqual([]);
    expect(summary.rounds).toBe(rounds);
    // Nothing went wrong because something happened, not because nothing did.
    const report = summary.report();
    for (const what of [
      'acknowledged',
      'blobs collected',
      'uploads expired',
      'uploads resumable after a kill',
      'kills while sealing a blob',
      'kills while collecting garbage',
    ]) {
      expect(report[what], what).toBeGreaterThan(0);
    }
  },
  rounds * 10_000 + 60_000,
);
