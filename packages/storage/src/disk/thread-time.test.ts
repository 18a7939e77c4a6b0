import { expect, test } from 'vitest';
import { parseWaitedMs, threadTime } from './thread-time.ts';

test('the time that a thread has waited is the second number, in nanoseconds', () => {
  expect(parseWaitedMs('25115219 101903084 30\n')).toBe(101.903084);
});

test.each(['', '0\n', 'one two three', '1 2'])('of another text, %j, no time was waited', (text) => {
  expect(parseWaitedMs(text)).toBe(0);
});

test('the clock of a thread goes on, and is never ahead of that of the process', () => {
  const begun = threadTime();
  const later = threadTime();
  expect(later).toBeGreaterThanOrEqual(begun);
  expect(later).toBeLessThanOrEqual(performance.now());
});
