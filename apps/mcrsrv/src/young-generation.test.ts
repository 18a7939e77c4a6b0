import { runOk } from '@mcr/testkit';
import { expect, test } from 'vitest';

/** Makes objects, of which some outlive a collection, in as many turns of the event loop; prints the bytes of the young generation. */
const program = `
  import { setImmediate as turn } from 'node:timers/promises';
  import { getHeapSpaceStatistics } from 'node:v8';
  import '${import.meta.dirname}/process-settings.ts';
  import { growYoungGeneration } from '${import.meta.dirname}/young-generation.ts';
  const bytes = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size;
  async function work() {
    const kept = [];
    for (let n = 0; n < 3_000_000; n += 1) {
      kept[n % 4_000] = { n, list: [n] };
      if (n % 2_000 === 0) await turn();
    }
    return bytes();
  }
  const before = await work();
  using growing = process.argv.includes('grow') ? growYoungGeneration() : undefined;
  console.log(JSON.stringify([before, await work()]));
`;

async function youngBytes(...args: readonly string[]): Promise<number[]> {
  const command = ['--input-type=module-typescript', '--eval', program, '--', ...args];
  return JSON.parse(await runOk(process.execPath, command)) as number[];
}

test('the young generation grows under load, a little, and stays as it is then', async () => {
  const mebibyte = 1 << 20;
  expect(await youngBytes()).toEqual([2 * mebibyte, 2 * mebibyte]);
  const [before, after] = await youngBytes('grow');
  expect(before).toBe(2 * mebibyte);
  expect(after).toBeGreaterThanOrEqual(4 * mebibyte);
  expect(after).toBeLessThanOrEqual(8 * mebibyte);
});
