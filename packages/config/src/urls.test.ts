import { describe, expect, test } from 'vitest';
import { isProxyRange, parseBaseUrl, parseOrigin } from './urls.ts';

describe('parseOrigin', () => {
  test.each([
    ['https://registry.example.com', 'https://registry.example.com'],
    ['https://registry.example.com/', 'https://registry.example.com'],
    ['https://Registry.Example.com:443', 'https://registry.example.com'],
    ['https://registry.example.com:8443', 'https://registry.example.com:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['https://[::1]:8443', 'https://[::1]:8443'],
  ])('reads %s', (text, origin) => {
    expect(parseOrigin(text)).toBe(origin);
  });

  test.each([
    '',
    '/v2/token',
    'registry.example.com',
    '//registry.example.com',
    'https:registry.example.com',
    'https:///registry.example.com',
    'https://',
    'ftp://registry.example.com',
    'https://registry.example.com/path',
    'https://registry.example.com/?',
    'https://registry.example.com?a=b',
    'https://registry.example.com#',
    'https://user@registry.example.com',
    'https://:@registry.example.com',
    'https://registry.example.com:65536',
    'https://registry.example.com\\evil',
    'https://registry .example.com',
    ' https://registry.example.com',
    'https://registry.example.com\n',
  ])('rejects %j', (text) => {
    expect(parseOrigin(text)).toBeUndefined();
  });
});

describe('parseBaseUrl', () => {
  test.each([
    ['https://mcias.example.com', 'https://mcias.example.com'],
    ['https://mcias.example.com:8443/', 'https://mcias.example.com:8443'],
    ['https://example.com/mcias/', 'https://example.com/mcias'],
  ])('reads %s', (text, url) => {
    expect(parseBaseUrl(text)).toBe(url);
  });

  test.each([
    'http://mcias.example.com',
    'mcias.example.com',
    'https://mcias.example.com/?a',
    'https://a:b@example.com',
  ])('rejects %j', (text) => {
    expect(parseBaseUrl(text)).toBeUndefined();
  });
});

describe('isProxyRange', () => {
  test.each(['127.0.0.1', '10.0.0.0/8', '10.1.2.3/32', '::1', 'fd00::/8', '2001:db8::1/128'])('accepts %s', (text) => {
    expect(isProxyRange(text)).toBe(true);
  });

  test.each([
    '',
    '*',
    'any',
    'localhost',
    'proxy.example.com',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '::1/129',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0/8',
    '10.0.0.0/255.0.0.0',
    'fe80::1%eth0',
    ' 10.0.0.1',
  ])('rejects %j', (text) => {
    expect(isProxyRange(text)).toBe(false);
  });
});
