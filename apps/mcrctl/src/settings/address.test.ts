import { expect, test } from 'vitest';
import { parseAddress, usualGrpcAddress } from './address.ts';

test.each([
  ['https://registry.example.com', 'https://registry.example.com'],
  ['https://registry.example.com/', 'https://registry.example.com'],
  ['https://registry.example.com:443', 'https://registry.example.com'],
  ['registry.example.com:8443', 'https://registry.example.com:8443'],
  ['localhost', 'https://localhost'],
  ['[::1]:8443', 'https://[::1]:8443'],
])('%s is the registry at %s', (text, origin) => {
  expect(parseAddress(text, '--server')).toBe(origin);
});

test.each([
  [
    'http://localhost:8443',
    '--server cannot be "http://localhost:8443"',
    'the registry speaks https only; try https://localhost:8443',
  ],
  ['https://', '--server cannot be "https://"', 'write a URL such as https://registry.example.com:8443'],
  ['a b', '--server cannot be "a b"', 'write a URL such as https://registry.example.com:8443'],
  ['https://host/v2/', '--server cannot be "https://host/v2/"', 'name host and port only: https://host'],
  ['https://host?x', '--server cannot be "https://host?x"', 'name host and port only: https://host'],
  // The password is not repeated: messages end up in logs.
  ['https://me:secret@host', '--server cannot hold a name or a password', 'name host and port only: https://host'],
])('%s is refused with a way out', (text, message, hint) => {
  expect(() => parseAddress(text, '--server')).toThrow(expect.objectContaining({ message, hint, exitCode: 2 }));
});

test('what is blamed is what was given', () => {
  expect(() => parseAddress('a b', 'MCR_GRPC')).toThrow('MCR_GRPC cannot be "a b"');
});

test.each([
  ['https://localhost:8443', 'https://localhost:9443'],
  ['https://registry.example.com', 'https://registry.example.com:9443'],
  ['https://[::1]:8443', 'https://[::1]:9443'],
])('the gRPC address of %s is %s unless told', (server, grpc) => {
  expect(usualGrpcAddress(server)).toBe(grpc);
});
