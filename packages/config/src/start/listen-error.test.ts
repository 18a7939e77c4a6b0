import { expect, test } from 'vitest';
import { listenError } from './listen-error.ts';

test.each([
  [
    'EADDRINUSE',
    '127.0.0.1',
    8443,
    'something listens there already; stop it ("ss -ltnp" names it), or choose another port',
  ],
  [
    'EADDRNOTAVAIL',
    '192.0.2.1',
    8443,
    '192.0.2.1 is no address of this machine; choose one that it has, or leave the host out for all',
  ],
  ['EACCES', '', 443, 'this user may not take a port below 1024; choose another, or grant CAP_NET_BIND_SERVICE'],
  ['EACCES', '', 8443, 'this user may not take this port; choose another'],
  [
    'ENOTFOUND',
    'nowhere.example',
    8443,
    'the name nowhere.example has no address; write an IP address, or mend the name',
  ],
  ['EAFNOSUPPORT', '::1', 8443, 'this machine does not have this kind of address; choose one that it has'],
  ['ENOBUFS', '', 8443, 'choose another address'],
])('%s of %s is explained for port %s', (code, host, port, reason) => {
  const error = listenError('web.listen_addr', { host, port }, Object.assign(new Error('listen'), { code }));
  const address = host === '::1' ? '[::1]' : host;
  expect(error.message).toBe(`web.listen_addr: cannot listen on ${address}:${port}: ${reason} (${code})`);
});
