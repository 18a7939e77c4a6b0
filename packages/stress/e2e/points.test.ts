import { describe, expect, test } from 'vitest';
import { withWorkers } from '../src/actor/victim.ts';
import { brokenBuild } from '../src/crash/faults/broken-build.ts';
import { visitPoints } from '../src/crash/points/points.ts';
import { requireStrace } from '../src/crash/trace/strace.ts';

const seed = process.env['MCR_TEST_CRASH_SEED'] ?? '1';
/** A sample of all, spread over the operations; a script visits each of them. */
const count = Number(process.env['MCR_TEST_CRASH_POINTS'] ?? 10);

describe.skipIf(!requireStrace())('a kill at a system call', () => {
  test('of any operation loses nothing that was acknowledged', { timeout: count * 10_000 + 60_000 }, async () => {
    const reports = await visitPoints({ seed, count });
    expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
    for (const { operation, points } of reports) expect(points, operation).toBeGreaterThan(5);
    expect(reports.reduce((sum, { killed }) => sum + killed, 0)).toBeGreaterThan(count / 2);
  });

  test('nor does one of a worker, neither at once nor after a restart', {
    timeout: count * 10_000 + 60_000,
  }, async () => {
    const reports = await visitPoints({ seed, count: count / 2, build: withWorkers({}, 2) });
    expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
    expect(reports.reduce((sum, { killed }) => sum + killed, 0)).toBeGreaterThan(count / 4);
  });

  test('shows a server that splits its transactions, and shows it again', { timeout: 300_000 }, async () => {
    await using build = await brokenBuild('split-transactions');
    for (const _time of ['first', 'again']) {
      const [report] = await visitPoints({ seed: '1', count: 3, name: 'takes a tag over', build, goOn: false });
      const violations = report?.failures.flatMap((failure) => failure.violations).join('\n');
      expect(violations).toMatch(/points\/c\d+ shows .*, expected .* or /);
    }
  });

  test('shows a server that forgets what deleted repositories have left', { timeout: 120_000 }, async () => {
    await using build = await brokenBuild('no-removal-after-start');
    const [report] = await visitPoints({ seed: '1', count: 3, name: 'rows go in slices', build, goOn: false });
    const violations = report?.failures.flatMap((failure) => failure.violations).join('\n');
    expect(violations).toContain('1 repositories are left after the last collection');
  });
});
