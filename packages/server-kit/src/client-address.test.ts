import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { TrustedProxies } from './client-address.ts';

function from(remoteAddress: string | undefined, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

const proxies = new TrustedProxies(['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '2001:db8::1']);

describe('TrustedProxies.trusts', () => {
  test.each(['10.0.0.1', '10.255.255.255', '192.0.2.1', 'fd00::5', '2001:db8::1', '::ffff:10.1.2.3'])(
    '%s',
    (address) => {
      expect(proxies.trusts(address)).toBe(true);
    },
  );

  test.each([
    '11.0.0.1',
    '192.0.2.2',
    'fe80::1',
    '2001:db8::2',
    '::ffff:11.0.0.1',
    '',
    'localhost',
    '10.0.0.1, 10.0.0.2',
  ])('not %j', (address) => {
    expect(proxies.trusts(address)).toBe(false);
  });

  test('no address by default', () => {
    expect(new TrustedProxies([]).trusts('127.0.0.1')).toBe(false);
  });
});

describe('TrustedProxies.clientAddress', () => {
  test.each([
    ['the peer, when it is no proxy', '203.0.113.5', undefined, '203.0.113.5'],
    ['the peer, when it is no proxy and claims to be one', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['the peer as IPv4, when it came over IPv6', '::ffff:203.0.113.5', undefined, '203.0.113.5'],
    ['the proxy itself, if it names no client', '10.0.0.1', undefined, '10.0.0.1'],
    ['the proxy itself, when it names nothing', '10.0.0.1', '', '10.0.0.1'],
    ['whom the proxy names', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['an IPv6 address that the proxy names', '10.0.0.1', '2001:db8::99', '2001:db8::99'],
    ['the last one that is no proxy', '10.0.0.1', '198.51.100.1, 203.0.113.9, 10.2.2.2', '203.0.113.9'],
    ['not what a client put in front of itself', '10.0.0.1', '1.2.3.4,198.51.100.1', '198.51.100.1'],
    ['the proxy, when all are proxies', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.1'],
    ['the proxy, when the last one is no address', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['the proxy, when the last one has a port', '10.0.0.1', '198.51.100.1:1234', '10.0.0.1'],
    ['nothing, when the socket is gone', undefined, '198.51.100.1', ''],
  ])('is %s', (_, peer, forwarded, expected) => {
    expect(proxies.clientAddress(from(peer, forwarded))).toBe(expected);
  });
});
