import { expect, test } from 'vitest';
import { timeMember } from './log-time.ts';

test.each([0, 7, 42, 999, 1_000, 1_700_000_000_123, 1_700_000_000_124, 1_699_999_999_999, -1, -1_001])(
  'the time %i is written as Date does, whatever was written before it',
  (now) => {
    expect(timeMember(now)).toBe(`,"time":"${new Date(now).toISOString()}"`);
  },
);
