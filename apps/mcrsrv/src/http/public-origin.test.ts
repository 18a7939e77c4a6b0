import type { IncomingMessage } from 'node:http';
import { TrustedProxies } from '@mcr/server-kit';
import { describe, expect, test } from 'vitest';
import { PublicOrigin } from './public-origin.ts';

const proxies = new TrustedProxies(['10.0.0.1']);

function request(headers: Record<string, string>, remoteAddress = '203.0.113.5'): IncomingMessage {
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

describe('PublicOrigin', () => {
  const derived = new PublicOrigin(undefined, proxies);
  const behind = (headers: Record<string, string>) =>
    derived.of(request({ host: 'inner:8443', ...headers }, '10.0.0.1'));

  test('is what was configured, whatever the request says', () => {
    const configured = new PublicOrigin('https://registry.example.net', proxies);
    const headers = { host: 'evil', 'x-forwarded-host': 'evil', 'x-forwarded-proto': 'http' };
    expect(configured.of(request(headers))).toBe('https://registry.example.net');
    expect(configured.of(request(headers, '10.0.0.1'))).toBe('https://registry.example.net');
  });

  test('is the Host of a direct client, who may say nothing else', () => {
    const headers = { host: 'registry:8443', 'x-forwarded-host': 'evil', 'x-forwarded-proto': 'http' };
    expect(derived.of(request(headers))).toBe('https://registry:8443');
  });

  test('is what a trusted proxy says', () => {
    expect(behind({ 'x-forwarded-host': 'outer.example.net:444' })).toBe('https://outer.example.net:444');
    expect(behind({ 'x-forwarded-host': '[2001:db8::1]:444' })).toBe('https://[2001:db8::1]:444');
    expect(behind({ 'x-forwarded-proto': 'http' })).toBe('http://inner:8443');
    expect(behind({})).toBe('https://inner:8443');
  });

  test.each(['', 'a b', 'a/b', 'a?b', 'a"b', 'user@a', 'a,b', 'a:b', '-a'])(
    'is not made of a forwarded host of %j',
    (forwarded) => {
      expect(behind({ 'x-forwarded-host': forwarded })).toBe('https://inner:8443');
    },
  );

  test.each(['https', 'HTTP', 'ftp', 'http, https', 'javascript', ''])(
    'is https for a forwarded scheme of %j',
    (scheme) => {
      expect(behind({ 'x-forwarded-proto': scheme })).toBe('https://inner:8443');
    },
  );
});
