import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from './time.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('the system clock returns milliseconds since the epoch', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
  expect(systemClock.now()).toBe(1_767_323_045_678);
});
