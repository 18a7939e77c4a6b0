import { expect, test } from 'vitest';
import { UploadBytes } from './upload-bytes.ts';

const rejection = expect.objectContaining({ code: 'TOOMANYREQUESTS', facts: { retryAfterMs: 3_000 } });

test('what rows record and what is on its way count together, for each account', () => {
  const bytes = new UploadBytes(100);
  {
    using first = bytes.meter('ann', 40);
    using second = bytes.meter('ann', 40);
    first.add(30);
    second.add(30);
    expect(() => first.add(1)).toThrow(rejection);
    expect(() => bytes.check('ann', 40)).toThrow(rejection);
    expect(() => bytes.meter('ann', 40)).toThrow(rejection);
    using other = bytes.meter('bob', 0);
    other.add(100);
  }
  expect(bytes.size).toBe(0);
  expect(() => bytes.check('ann', 99)).not.toThrow();
});

test('what a request brought still counts for the others after it ended, until the rows are asked again', () => {
  const bytes = new UploadBytes(100);
  using long = bytes.meter('ann', 0);
  {
    using short = bytes.meter('ann', 0);
    short.add(60);
  }
  expect(() => long.add(41)).toThrow(rejection);
  long.add(40);
  using later = bytes.meter('ann', 0);
  later.add(60);
});
