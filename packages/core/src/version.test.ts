import { expect, test } from 'vitest';
import { describeBuild } from './version.ts';

test.each([
  ['0.2.0', 'd563548', '0.2.0 (d563548)'],
  ['0.2.0-dev.12+gd563548', 'd563548', '0.2.0-dev.12+gd563548'],
  ['0.2.0-dev', undefined, '0.2.0-dev'],
])('%s of commit %s is shown as %s', (name, madeOf, shown) => {
  expect(describeBuild(name, madeOf)).toBe(shown);
});
