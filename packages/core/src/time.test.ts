import { expect, test, vi } from 'vitest';
import { timeSlices } from './time.ts';

test('yields whenever a slice is used up', async () => {
  let turns = 0;
  const others = setInterval(() => {
    turns += 1;
  });
  const nextStep = timeSlices(1);
  const end = performance.now() + 60;
  while (performance.now() < end) await nextStep();
  clearInterval(others);
  expect(turns).toBeGreaterThan(1);
});

test('does not yield before', async () => {
  using now = vi.spyOn(performance, 'now').mockReturnValue(60_000);
  let others = 0;
  setImmediate(() => {
    others += 1;
  });
  const nextStep = timeSlices(10);
  for (let step = 0; step < 1_000; step += 1) await nextStep();
  now.mockReturnValue(60_009);
  await nextStep();
  expect(others).toBe(0);
  now.mockReturnValue(60_010);
  await nextStep();
  expect(others).toBe(1);
});
