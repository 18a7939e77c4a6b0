import { expect, test } from 'vitest';
import { CliError } from '../cli/errors.ts';
import { parseTimeout } from './duration.ts';

test.each([
  ['1ms', 1],
  ['500ms', 500],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['596h', 2_145_600_000],
])('%s is %d milliseconds', (text, milliseconds) => {
  expect(parseTimeout(text)).toBe(milliseconds);
});

test.each(['', '30', 's', '0s', '-1s', '1.5s', '1e3s', '1d', ' 1s', '597h', '9999999999s'])(
  '"%s" is rejected',
  (text) => {
    expect(() => parseTimeout(text)).toThrow(CliError);
  },
);
