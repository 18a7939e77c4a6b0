import { expect, test } from 'vitest';
import { parseServer } from './server-url.ts';

test.each([
  ['https://registry.example.com', 'https://registry.example.com'],
  ['https://registry.example.com/', 'https://registry.example.com'],
  ['https://registry.example.com:443', 'https://registry.example.com'],
  ['registry.example.com:8443', 'https://registry.example.com:8443'],
  ['localhost', 'https://localhost'],
  ['[::1]:8443', 'https://[::1]:8443'],
])('%s is the registry at %s', (text, origin) => {
  expect(parseServer(text)).toBe(origin);
});

test.each([
  [undefined, 'no registry is named', 'add --server, such as --server https://localhost:8443, or set MCR_SERVER'],
  ['', 'no registry is named', 'add --server, such as --server https://localhost:8443, or set MCR_SERVER'],
  [
    'http://localhost:8443',
    '--server cannot be "http://localhost:8443"',
    'the registry speaks https only; try https://localhost:8443',
  ],
  ['https://', '--server cannot be "https://"', 'write a URL such as https://registry.example.com:8443'],
  ['a b', '--server cannot be "a b"', 'write a URL such as https://registry.example.com:8443'],
  ['https://me:secret@host', '--server cannot be "https://me:secret@host"', 'name host and port only: https://host'],
  ['https://host/v2/', '--server cannot be "https://host/v2/"', 'name host and port only: https://host'],
  ['https://host?x', '--server cannot be "https://host?x"', 'name host and port only: https://host'],
])('%s is refused with a way out', (text, message, hint) => {
  expect(() => parseServer(text)).toThrow(expect.objectContaining({ message, hint, exitCode: 2 }));
});
