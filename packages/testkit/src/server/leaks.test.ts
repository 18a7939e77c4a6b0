import { expect, test } from 'vitest';
import { leaksIn } from './leaks.ts';

const accounts = new Map([['ann', 'the password of ann']]);

test.each([
  ['a token', 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.abcdefghijklmnopqrstuvwxyz'],
  ['Basic credentials', 'authorization: Basic Ym9iOnNlY3JldA=='],
  ['a bearer token', 'authorization: bearer 0123456789abcdef0123'],
  ['the password of the account "ann"', 'login of ann with the password of ann'],
  ['the password of the account "ann"', '/login?password=the%20password%20of%20ann'],
  ['the password of the account "ann"', Buffer.from('ann:the password of ann').toString('base64')],
])('finds %s in a log', (what, text) => {
  expect(leaksIn(`{"level":"info","msg":"${text}"}\n`, accounts)).toEqual([what]);
});

test('finds nothing in an ordinary log', () => {
  const line = '{"level":"info","actor":"ann","path":"/v2/","status":401,"msg":"The header must be: Bearer <token>"}';
  expect(leaksIn(line, accounts)).toEqual([]);
});
