import { expect, test } from 'vitest';
import { nextToken } from './rest.ts';

const server = 'https://localhost:8443';

test.each([
  ['</v1/repositories?n=2&last=a%2Fb>; rel="next"', 'a/b'],
  ['<https://localhost:8443/v1/repositories?last=3>; rel=next', '3'],
  ['</v1/repositories?n=2>; rel="next"', ''],
  [undefined, ''],
  ['</v1/repositories?last=3>; rel="prev"', ''],
  ['no link', ''],
])('%s leads to %s', (link, token) => {
  expect(nextToken(link, server, 'last')).toBe(token);
});

test.each(['<https://evil.example/v1/audit?last=1>; rel="next"', '<//evil.example/v1/audit?last=1>; rel="next"'])(
  '%s leads nowhere, as it is of another server',
  (link) => {
    expect(nextToken(link, server, 'last')).toBe('');
  },
);
