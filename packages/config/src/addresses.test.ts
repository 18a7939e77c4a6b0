import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from './addresses.ts';

describe('parseAddress', () => {
  test.each([
    [':8443', '', 8443],
    ['127.0.0.1:8443', '127.0.0.1', 8443],
    ['0.0.0.0:0', '0.0.0.0', 0],
    ['localhost:65535', 'localhost', 65_535],
    ['registry.example.com:443', 'registry.example.com', 443],
    ['[::1]:8443', '::1', 8443],
    ['[::]:8443', '::', 8443],
    ['[2001:db8::7]:9443', '2001:db8::7', 9443],
  ])('reads %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
  });

  test.each([
    '',
    ':',
    '8443',
    'localhost',
    'localhost:',
    ':65536',
    ':-1',
    ':+1',
    ':1e3',
    ': 8443',
    ':084430',
    '::1:8443',
    '::1',
    '[::1]',
    '[::1]8443',
    '[]:8443',
    '[127.0.0.1]:8443',
    '[::1:8443',
    '256.0.0.1:8443',
    '127.0.1:8443',
    'a..b:8443',
    '-a:8443',
    'a_b:8443',
    'a b:8443',
    'https://localhost:8443',
    'localhost:8443/',
    'user@localhost:8443',
    `${'a'.repeat(64)}:8443`,
  ])('rejects %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test('parses what formatAddress formats', () => {
    const hosts = fc.oneof(fc.constant(''), fc.ipV4(), fc.ipV6(), fc.domain());
    fc.assert(
      fc.property(hosts, fc.integer({ min: 0, max: 65_535 }), (host, port) => {
        expect(parseAddress(formatAddress({ host, port }))).toEqual({ host, port });
      }),
    );
  });
});
