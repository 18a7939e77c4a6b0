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
    'invalid value "http://localhost:8443" for --server',
    'the registry only supports https; try https://localhost:8443',
  ],
  ['https://', 'invalid value "https://" for --server', 'use a URL such as https://registry.example.com:8443'],
  ['a b', 'invalid value "a b" for --server', 'use a URL such as https://registry.example.com:8443'],
  ['https://host/v2/', 'invalid value "https://host/v2/" for --server', 'use only host and port: https://host'],
  ['https://host?x', 'invalid value "https://host?x" for --server', 'use only host and port: https://host'],
  // The password is not repeated: messages end up in logs.
  [
    'https://me:secret@host',
    '--server must not contain a user name or password',
    'use only host and port: https://host',
  ],
])('%s is rejected with a hint', (text, message, hint) => {
  expect(() => parseAddress(text, '--server')).toThrow(expect.objectContaining({ message, hint, exitCode: 2 }));
});

test('the error names the source of the address', () => {
  expect(() => parseAddress('a b', 'MCR_GRPC')).toThrow('invalid value "a b" for MCR_GRPC');
});

test.each([
  ['https://localhost:8443', 'https://localhost:9443'],
  ['https://registry.example.com', 'https://registry.example.com:9443'],
  ['https://[::1]:8443', 'https://[::1]:9443'],
])('the gRPC address of %s is %s by default', (server, grpc) => {
  expect(usualGrpcAddress(server)).toBe(grpc);
});
