import { expect, test } from 'vitest';
import { actions } from './types.ts';

test('policy has six actions', () => {
  expect(actions).toEqual([
    'registry:version_check',
    'registry:pull',
    'registry:push',
    'registry:delete',
    'registry:catalog',
    'policy:manage',
  ]);
});
