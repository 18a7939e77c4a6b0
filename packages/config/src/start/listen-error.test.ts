import { expect, test } from 'vitest';
import { listenError } from './listen-error.ts';

test.each([
  [
    'EADDRINUSE',
    '127.0.0.1',
    8443,
    'the port is in use; stop the other process ("ss -ltnp" lists it), or choose another port',
  ],
  [
    'EADDRNOTAVAIL',
    '192.0.2.1',
    8443,
    '192.0.2.1 is not an address of this machine; choose one of its addresses, or omit the host for all',
  ],
  ['EACCES', '', 443, 'ports below 1024 need a privilege; choose another port, or grant CAP_NET_BIND_SERVICE'],
  ['EACCES', '', 8443, 'this user may not use this port; choose another one'],
  [
    'ENOTFOUND',
    'nowhere.example',
    8443,
    'the name nowhere.example does not resolve; use an IP address, or fix the name',
  ],
  ['EAFNOSUPPORT', '::1', 8443, 'this machine does not support this kind of address; choose another one'],
  ['ENOBUFS', '', 8443, 'choose another address'],
])('%s of %s is explained for port %s', (code, host, port, reason) => {
  const error = listenError('web.listen_addr', { host, port }, Object.assign(new Error('listen'), { code }));
  const address = host === '::1' ? '[::1]' : host;
  expect(error.message).toBe(`web.listen_addr: cannot listen on ${address}:${port}: ${reason} (${code})`);
});
