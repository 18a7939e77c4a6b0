import { expect, test } from 'vitest';
import { closest } from './suggest.ts';

const keys = ['listen_addr', 'grpc_addr', 'tls_cert', 'tls_key', 'public_url'];

test.each([
  ['listen_adr', 'listen_addr'],
  ['listenAddr', 'listen_addr'],
  ['LISTEN_ADDR', 'listen_addr'],
  ['listen-addr', 'listen_addr'],
  ['tls_cret', 'tls_cert'],
  ['tlskey', 'tls_key'],
  ['pubic_url', 'public_url'],
])('%s is taken for %s', (word, meant) => {
  expect(closest(word, keys)).toBe(meant);
});

test.each(['', 'x', 'bind', 'certificate', '__proto__'])('%j is not similar to anything', (word) => {
  expect(closest(word, keys)).toBeUndefined();
});

test('the nearest of several candidates wins', () => {
  expect(closest('tls_keys', ['tls_cert', 'tls_key', 'tls_keyring'])).toBe('tls_key');
});
