import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkOf } from './network-of.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1'],
  ['2001:0DB8:0000:0001::1', '2001:db8:0:1'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8::', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['::', '0:0:0:0'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
  ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['', ''],
  ['not an address', 'not an address'],
])('%s is of the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('every spelling of an address in one /64 is in one network', () => {
  fc.assert(
    fc.property(fc.tuple(...Array.from({ length: 8 }, () => fc.nat({ max: 0xffff }))), (groups) => {
      const plain = groups.map((group) => group.toString(16)).join(':');
      const padded = groups.map((group) => group.toString(16).padStart(4, '0').toUpperCase()).join(':');
      const short = URL.parse(`http://[${plain}]/`)?.hostname.slice(1, -1) ?? '';
      const sibling = [...groups.slice(0, 4), 1, 2, 3, 4].map((group) => group.toString(16)).join(':');
      expect(new Set([plain, padded, short, sibling].map(networkOf)).size).toBe(1);
    }),
  );
});
