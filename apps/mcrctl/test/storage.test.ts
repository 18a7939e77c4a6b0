import { buildImage, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

let operator: Operator;

beforeAll(async () => {
  operator = await startOperator();
  await operator.login();
});
afterAll(() => operator[Symbol.asyncDispose]());

test('storage shows what takes space, in parts that add up, and what is not known of its growth yet', async () => {
  const { registry, run } = operator;
  await pushImage(registry.client(), 'team/app', '1.0', await buildImage({ layers: [{ size: 5_000, seed: 'layer' }] }));
  const { exitCode, stdout } = await run('storage --json');
  expect(exitCode).toBe(0);
  const storage = JSON.parse(stdout) as { total_bytes: number; parts: { name: string; bytes: number }[] };
  expect(storage).toMatchObject({
    driver: 'disk',
    file_system: { size: storage.total_bytes },
    largest: [{ name: 'team/app', own_bytes: storage.parts[0]?.bytes }],
    growth: { state: 'unknown', days_missing: 7 },
  });
  expect(storage.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(storage.total_bytes);
  expect((await run('storage', { terminal: true })).stdout).toMatch(
    /^own +5\.\d KiB\n[\s\S]*^free +[\d.]+ .iB\ngrowth +unknown, samples of 7 more days are missing\nteam\/app +5\.\d KiB$/m,
  );
  expect((await run('storage')).stdout).toContain(`\nown\t${storage.parts[0]?.bytes}\n`);
});
