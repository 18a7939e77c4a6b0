import { expect, test } from 'vitest';
import { registryName } from './registry-name.ts';

test.each([
  [
    'the public URL',
    { publicUrl: 'https://registry.example.com', port: 8443 },
    'https://ui.example.com',
    'registry.example.com',
  ],
  [
    'the public URL with its port',
    { publicUrl: 'https://r.example:5000', port: 8443 },
    'https://ui.example.com',
    'r.example:5000',
  ],
  ['the host of the UI and the own port', { port: 8443 }, 'https://ui.example.com:8080', 'ui.example.com:8443'],
  ['the host alone on the port of https', { port: 443 }, 'https://ui.example.com:8080', 'ui.example.com'],
  ['an IPv6 host in brackets', { port: 8443 }, 'http://[::1]:8080', '[::1]:8443'],
])('a registry is called by %s', (_name, health, uiUrl, name) => {
  expect(registryName(health, new URL(uiUrl))).toBe(name);
});
