import { expect, test } from 'vitest';
import { fuzz } from './campaign.ts';

/** So few inputs must do, a few seconds of them; the fuzzer stops at the first finding. */
const inputs = 2_000;
const seconds = 240;
const seed = 'planted';
const preload = (name: string): string => new URL(`./plants/${name}.ts`, import.meta.url).href;
const timeout = 300_000;

test('a planted end of the process is found, and found again by its input alone', { timeout }, async () => {
  const planted = { seed, preload: preload('throws-at-a-byte') };
  const { crashes, findings } = await fuzz({ ...planted, seconds, inputs });
  expect(crashes).toBe(1);
  expect(findings[0]?.what).toContain('Error: planted');
  const n = findings[0]?.n;
  expect(n, 'the input that did it').toBeTypeOf('number');
  const again = await fuzz({ ...planted, seconds, only: [n!] });
  expect(again).toMatchObject({ total: 1, crashes: 1 });
});

test('a planted response 500 is found, with its input', { timeout }, async () => {
  const { serverErrors, findings } = await fuzz({ seed, seconds, inputs, preload: preload('fails-at-a-nul') });
  expect(serverErrors).toBeGreaterThan(0);
  const found = findings.find(({ what }) => what === 'a response 500');
  expect(found?.input?.steps.map(String).join('')).toContain('%00');
});

test('a planted leak of open files is found', { timeout }, async () => {
  const { findings } = await fuzz({
    seed,
    seconds,
    inputs: 600,
    settleMs: 1_000,
    preload: preload('forgets-to-close'),
  });
  expect(findings.map(({ what }) => what)).toEqual([expect.stringMatching(/^of \d+ open handles came \d+$/)]);
});

test('a planted leak of memory is found', { timeout }, async () => {
  const { findings } = await fuzz({ seed, seconds, inputs: 600, warmAfter: 200, preload: preload('keeps-everything') });
  const grown = /^the process (?:has grown by|took) \d+ MiB$/;
  expect(findings.map(({ what }) => what)).toContainEqual(expect.stringMatching(grown));
});

test('a planted request that keeps all others waiting for seconds is found', { timeout }, async () => {
  const { findings } = await fuzz({ seed, seconds, inputs, preload: preload('blocks-the-loop') });
  expect(findings.map(({ what }) => what)).toContainEqual(
    expect.stringMatching(/had to wait for \d+ ms of other work$/),
  );
});
