import { expect, test } from 'vitest';
import { type CallParts, createCall, createLocalCall } from './call.ts';

const parts: CallParts = {
  caller: undefined,
  ip: '192.0.2.1',
  token: undefined,
  signal: () => AbortSignal.abort(),
  page: undefined,
};

test('a call over a network never leaves the registry without an admin, whatever a transport passes on', () => {
  expect(createCall({ ...parts, evenLastAdmin: true } as CallParts).evenLastAdmin).toBeUndefined();
});

test('a call from the host leaves the registry without an admin only if it says so', () => {
  expect(createLocalCall().evenLastAdmin).toBe(false);
  expect(createLocalCall({ evenLastAdmin: true }).evenLastAdmin).toBe(true);
});

test('a call from the host is mcrsrv in the audit log, and has no account', () => {
  const call = createLocalCall();
  expect(call).toMatchObject({ actor: { name: 'mcrsrv' }, ip: '', token: '', page: { limit: 0 } });
  expect(() => call.caller).toThrow('the command line of the host has no account');
});
