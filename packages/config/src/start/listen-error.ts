import { type Address, formatAddress } from '../addresses.ts';
import { StartError } from './start-error.ts';

/** Lower ports need a privilege on most systems. */
const firstOpenPort = 1_024;

/** The error for a server that cannot listen on the address in the configuration key `key`. */
export function listenError(key: string, address: Address, error: unknown): StartError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  const message = `cannot listen on ${formatAddress(address)}: ${reasonOf(code, address)} (${code})`;
  return new StartError([{ key, message }], { cause: error });
}

function reasonOf(code: string, { host, port }: Address): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'the port is in use; stop the other process ("ss -ltnp" lists it), or choose another port';
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine; choose one of its addresses, or omit the host for all`;
    case 'EACCES':
    case 'EPERM':
      return port < firstOpenPort
        ? 'ports below 1024 need a privilege; choose another port, or grant CAP_NET_BIND_SERVICE'
        : 'this user may not use this port; choose another one';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} does not resolve; use an IP address, or fix the name`;
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return 'this machine does not support this kind of address; choose another one';
    default:
      return 'choose another address';
  }
}
