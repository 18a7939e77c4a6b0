import { expect, test } from 'vitest';
import { certificateHosts } from './hosts.ts';

test('the loopback is always among the hosts', () => {
  expect(certificateHosts([])).toEqual(['localhost', '127.0.0.1', '::1']);
});

test('each host is there once, in lower case', () => {
  expect(certificateHosts(['Registry.LAN', 'registry.lan', '127.0.0.1', 'fd00::1', '*.example.com'])).toEqual([
    'localhost',
    '127.0.0.1',
    '::1',
    'registry.lan',
    'fd00::1',
    '*.example.com',
  ]);
});

test.each([
  '',
  ' ',
  'https://a',
  'a:8443',
  'a/b',
  '[::1]',
  'a b',
  'a_b',
  '-a',
  'a..b',
  '1.2.3',
  '256.1.1.1',
  '*',
  'a.*',
  'fe80::1%eth0',
  'a\0',
])('%j is not a host', (host) => {
  expect(() => certificateHosts(['good.example', host])).toThrow(
    `${JSON.stringify(host)} is not a host; give a DNS name`,
  );
});
