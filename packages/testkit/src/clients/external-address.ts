import { networkInterfaces } from 'node:os';

/**
 * An IPv4 address of this machine that is not a loopback address, or undefined when it has none. Docker takes registries
 * on 127.0.0.0/8 for insecure ones and does not verify their certificates, so a test that matters needs another address.
 */
export function externalAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((of) => of ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
