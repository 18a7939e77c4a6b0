import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type CampaignOptions, fuzz } from './campaign.ts';
import { describeInput } from './input.ts';

/** In CI each seed gets so long; for hours there is run.ts. */
const seconds = 8;

/** Everything found, with the command that shows it again. */
async function findingsOf(options: CampaignOptions): Promise<string[]> {
  const { findings, total, canaries } = await fuzz(options);
  expect(total).toBeGreaterThanOrEqual(200);
  expect(canaries).toBeGreaterThan(0);
  return findings.map(({ n, input, what }) => {
    const again = `node apps/mcrsrv/test/fuzz/run.ts --seed ${options.seed} --only ${n}`;
    return input === undefined ? `${what}, seed ${options.seed}` : `${what}\n${again}\n${describeInput(input)}`;
  });
}

test('hostile input of a known seed gets an orderly answer, ends nothing and leaves nothing', {
  timeout: 120_000,
}, async () => {
  expect(await findingsOf({ seed: 'known', seconds })).toEqual([]);
});

test('hostile input of a new seed does not either', { timeout: 120_000 }, async () => {
  const seed = randomUUID();
  process.stdout.write(`fuzzing with --seed ${seed}\n`);
  expect(await findingsOf({ seed, seconds })).toEqual([]);
});
