import { type Address, formatAddress } from '../addresses.ts';
import { StartError } from './start-error.ts';

/** Ports below need a privilege on most systems. */
const firstOpenPort = 1_024;

/** What to say when a server cannot listen on an address that the key `key` names. */
export function listenError(key: string, address: Address, error: unknown): StartError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  const message = `cannot listen on ${formatAddress(address)}: ${reasonOf(code, address)} (${code})`;
  return new StartError([{ key, message }], { cause: error });
}

function reasonOf(code: string, { host, port }: Address): string {
  switch (code) {
    case 'EADDRINUSE':
      return `something listens there already; stop it ("ss -ltnp" names it), or choose another port`;
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine; choose one that it has, or leave the host out for all`;
    case 'EACCES':
    case 'EPERM':
      return port < firstOpenPort
        ? 'this user may not take a port below 1024; choose another, or grant CAP_NET_BIND_SERVICE'
        : 'this user may not take this port; choose another';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} has no address; write an IP address, or mend the name`;
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return 'this machine does not have this kind of address; choose one that it has';
    default:
      return 'choose another address';
  }
}
