import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { KnownCallers } from './known-callers.ts';

interface Named {
  readonly name: string;
}

const ann = ['Host', 'localhost', 'Authorization', 'Bearer a'];
const bob = ['Host', 'localhost', 'Authorization', 'Bearer b'];

/** A request of a connection of its own. */
function from(remoteAddress: string, rawHeaders: readonly string[]) {
  return { socket: { remoteAddress } as Socket, rawHeaders: [...rawHeaders] };
}

test('a client of a connection is known by its headers, whatever others have sent over it since', () => {
  const callers = new KnownCallers<Named>();
  const request = from('::1', ann);
  callers.keep(request, { name: 'ann' });
  expect(callers.find({ ...request, rawHeaders: bob })).toBeUndefined();
  callers.keep({ ...request, rawHeaders: bob }, { name: 'bob' });
  expect(callers.find(request)).toEqual({ name: 'ann', rawHeaders: ann });
  expect(callers.find({ ...request, rawHeaders: bob })).toEqual({ name: 'bob', rawHeaders: bob });
});

test('a new connection is known by the same headers from the same address, and by nothing less', () => {
  const callers = new KnownCallers<Named>();
  callers.keep(from('::1', ann), { name: 'ann' });
  expect(callers.find(from('::1', ann))).toEqual({ name: 'ann', rawHeaders: ann });
  expect(callers.find(from('::2', ann))).toBeUndefined();
  expect(callers.find(from('::1', bob))).toBeUndefined();
  expect(callers.find(from('::1', [...ann, 'Accept', '*/*']))).toBeUndefined();
  expect(callers.find(from('::1', ann.toReversed()))).toBeUndefined();
  expect(callers.find(from('::1', [ann.join('')]))).toBeUndefined();
});

test('a connection that is known by its headers stays so while others are remembered', () => {
  const callers = new KnownCallers<Named>();
  callers.keep(from('::1', ann), { name: 'ann' });
  const request = from('::1', ann);
  expect(callers.find(request)).toBe(callers.find(request));
});

test('a connection that is forgotten is known by its headers only', () => {
  const callers = new KnownCallers<Named>();
  const request = from('::1', ann);
  callers.keep(request, { name: 'ann' });
  callers.forget(request.socket);
  expect(callers.find({ ...request, rawHeaders: bob })).toBeUndefined();
  expect(callers.find(request)?.name).toBe('ann');
});

test('1,024 clients are remembered beyond their connections', () => {
  const callers = new KnownCallers<Named>();
  const addresses = Array.from({ length: 1_025 }, (_, n) => `192.0.2.${n}`);
  for (const address of addresses) callers.keep(from(address, ann), { name: address });
  const isKnown = addresses.map((address) => callers.find(from(address, ann)) !== undefined);
  expect(isKnown.indexOf(true)).toBe(1);
  expect(isKnown.filter(Boolean)).toHaveLength(1_024);
});
