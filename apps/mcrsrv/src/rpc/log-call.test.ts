import { expect, test } from 'vitest';
import { callStatus } from './log-call.ts';

test.each([
  ['ok', 200, 200],
  ['unauthenticated', 200, 401],
  ['permission_denied', 200, 403],
  ['not_found', 200, 404],
  ['invalid_argument', 400, 400],
  ['internal', 200, 500],
  [undefined, 404, 404],
  [undefined, 415, 415],
])('a call that ended with %s and, on the wire, %i counts as %i', (code, wire, status) => {
  const record = {
    id: '',
    ip: '',
    startedAt: 0,
    awaitsContinue: false,
    bytesIn: 0,
    ...(code !== undefined && { code }),
  };
  expect(callStatus(record, wire)).toBe(status);
});
