import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/_util/manual-clock.ts';
import { RequestRate } from './request-rate.ts';

function setUp() {
  const clock = new ManualClock();
  const rate = new RequestRate(clock, 60);
  const send = (times: number, isRepeated = true, key = 'a') =>
    Array.from({ length: times }, () => rate.rejection(key, isRepeated)).filter((rejection) => rejection === undefined)
      .length;
  return { clock, rate, send };
}

test('a minute of requests may come at once, and then they come at the rate', () => {
  const { clock, rate, send } = setUp();
  expect(send(100)).toBe(60);
  expect(rate.rejection('a', true)).toMatchObject({ code: 'TOOMANYREQUESTS', facts: { retryAfterMs: 1_000 } });
  expect(send(1, true, 'b')).toBe(1);
  clock.advance(10_000);
  expect(send(100)).toBe(10);
});

test('a request that sends a body which no client repeats is rejected at twice the rate', () => {
  const { send } = setUp();
  expect(send(100)).toBe(60);
  expect(send(100, false)).toBe(60);
  expect(send(100)).toBe(0);
});
