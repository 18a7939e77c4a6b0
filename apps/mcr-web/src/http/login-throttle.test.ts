import { expect, test } from 'vitest';
import { createLoginThrottle } from './login-throttle.ts';

function setUp() {
  const clock = { time: 0, now: () => clock.time };
  return { clock, throttle: createLoginThrottle(clock) };
}

test('five mistakes cost nothing, and each further one twice the wait, up to a quarter of an hour', () => {
  const { clock, throttle } = setUp();
  const waits = Array.from({ length: 18 }, () => {
    throttle.failed('ada', '192.0.2.1');
    const wait = throttle.waitSeconds('ada', '192.0.2.1');
    clock.time += wait * 1000;
    return wait;
  });
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
});

test('a wait is of one account, ends, and a login forgets what was before', () => {
  const { clock, throttle } = setUp();
  for (let at = 0; at < 6; at += 1) throttle.failed('ada', '192.0.2.1');
  expect(throttle.waitSeconds('ada', '192.0.2.9')).toBe(2);
  expect(throttle.waitSeconds('bob', '192.0.2.1')).toBe(0);
  clock.time += 2_000;
  expect(throttle.waitSeconds('ada', '192.0.2.1')).toBe(0);
  throttle.succeeded('ada');
  throttle.failed('ada', '192.0.2.1');
  expect(throttle.waitSeconds('ada', '192.0.2.1')).toBe(0);
});

test('an address that fails with a hundred names waits, whatever the name', () => {
  const { clock, throttle } = setUp();
  for (let at = 0; at < 100; at += 1) throttle.failed(`user${at}`, '192.0.2.1');
  expect(throttle.waitSeconds('ada', '192.0.2.1')).toBe(900);
  expect(throttle.waitSeconds('ada', '192.0.2.2')).toBe(0);
  clock.time += 15 * 60_000 + 1;
  expect(throttle.waitSeconds('ada', '192.0.2.1')).toBe(0);
});
