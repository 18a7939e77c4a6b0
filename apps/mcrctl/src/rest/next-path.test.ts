import { expect, test } from 'vitest';
import { nextPath } from './next-path.ts';

const server = 'https://localhost:8443';

test.each([
  ['</v1/repositories?n=2&last=a%2Fb>; rel="next"', '/v1/repositories?n=2&last=a%2Fb'],
  ['<https://localhost:8443/v1/audit?before=3>; rel=next', '/v1/audit?before=3'],
  [undefined, undefined],
  ['</v1/audit>; rel="prev"', undefined],
  ['no link', undefined],
])('%s leads to %s', (link, path) => {
  expect(nextPath(link, server)).toBe(path);
});

test.each(['<https://evil.example/v1/audit>; rel="next"', '<//evil.example/v1/audit>; rel="next"'])(
  '%s leads nowhere, so that no token leaves for another server',
  (link) => {
    expect(nextPath(link, server)).toBeUndefined();
  },
);
