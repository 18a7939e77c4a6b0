import { expect, test } from 'vitest';
import { BodyBytes } from './body-bytes.ts';

const rejected = expect.objectContaining({ code: 'TOOMANYREQUESTS', facts: { retryAfterMs: 3_000 } });
const limits = { bytes: 100, bytesOfAccount: 60 };

test('all bodies together have a bound, and release their bytes at the end', () => {
  const bodies = new BodyBytes(limits);
  const first = bodies.meter('ann');
  first.add(60);
  const second = bodies.meter('bob');
  second.add(40);
  expect(() => bodies.meter('carol').add(1)).toThrow(rejected);
  expect(() => bodies.meter('carol').add(0), 'before the first byte').toThrow(rejected);
  first[Symbol.dispose]();
  bodies.meter('carol').add(60);
});

test('one account leaves room for the others', () => {
  const bodies = new BodyBytes(limits);
  bodies.meter('ann').add(30);
  const more = bodies.meter('ann');
  more.add(30);
  expect(() => more.add(1)).toThrow(rejected);
  bodies.meter('bob').add(40);
});

test('rejected bytes are not counted, and nothing is counted at the end', () => {
  const bodies = new BodyBytes(limits);
  const meter = bodies.meter('ann');
  meter.add(50);
  expect(() => meter.add(11)).toThrow(rejected);
  expect(bodies.held).toEqual({ bytes: 50, accounts: 1 });
  meter[Symbol.dispose]();
  meter[Symbol.dispose]();
  expect(bodies.held).toEqual({ bytes: 0, accounts: 0 });
});
