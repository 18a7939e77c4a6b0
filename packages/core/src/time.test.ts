import { expect, test } from 'vitest';
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
  let others = 0;
  setImmediate(() => {
    others += 1;
  });
  const nextStep = timeSlices(60_000);
  for (let step = 0; step < 1_000; step += 1) await nextStep();
  expect(others).toBe(0);
});
