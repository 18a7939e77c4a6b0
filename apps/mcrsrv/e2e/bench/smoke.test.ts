import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { requireTools } from '../deploy/_util/tools.ts';

/** Alone it takes two minutes; the machine may be busy. A benchmark that is ended cleans up before the test is over. */
const benchmarkTimeout = 900_000;
const timeout = benchmarkTimeout + 60_000;
const main = fileURLToPath(new URL('../../../../packages/bench/src/main.ts', import.meta.url));
/** What measures no registry has no peer. */
const alone = ['mcrctl --help', 'node --eval 0'];

interface Series {
  readonly workload: string;
  readonly metric: string;
  readonly contender: string;
  readonly rounds: readonly (number | null)[];
}

describe.skipIf(!requireTools('docker-registry', 'nginx'))('the benchmark', () => {
  test('measures every workload on every contender, and writes its reports', { timeout }, async () => {
    await using directory = await tempDirectory();
    const [json, html, markdown] = ['result.json', 'result.html', 'result.md'].map((it) => join(directory.path, it));
    const files = ['--json', json!, '--html', html!, '--markdown', markdown!];
    const begun = await run(process.execPath, [main, '--quick', ...files], { timeout: benchmarkTimeout });
    const { code, stdout, stderr } = begun;
    expect(code, stdout + stderr).toBe(0);

    const { series, failures } = JSON.parse(await readFile(json!, 'utf8')) as {
      readonly series: readonly Series[];
      readonly failures: readonly string[];
    };
    expect(failures).toEqual([]);
    expect(series.filter(({ rounds }) => rounds.length !== 1 || !rounds.every(Number.isFinite))).toEqual([]);

    const contenders = Map.groupBy(series, ({ workload }) => workload);
    const listed = (await run(process.execPath, [main, '--quick', '--list'])).stdout;
    const workloads = listed
      .split('\n')
      .filter((line) => line.startsWith('  '))
      .map((line) => line.trim());
    expect(workloads.length).toBeGreaterThan(40);
    for (const workload of workloads) {
      const names = new Set(contenders.get(workload)?.map(({ contender }) => contender));
      expect(names.size, workload).toBeGreaterThanOrEqual(alone.includes(workload) ? 1 : 2);
      for (const report of [stdout, await readFile(html!, 'utf8'), await readFile(markdown!, 'utf8')]) {
        expect(report).toContain(workload);
      }
    }

    const again = await run(process.execPath, [main, '--from', json!]);
    expect(again.stdout).toBe(stdout);
    expect(stdout).toMatch(/small image push, 10 clients +images\/s +mcr : docker-registry ≥ 2 × +\S+ +(met|missed)/);
  });
});
