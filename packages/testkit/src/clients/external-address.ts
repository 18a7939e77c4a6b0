import { networkInterfaces } from 'node:os';

/**
 * An IPv4 address of this machine that is not a loopback address, or undefined when it has none. Docker takes registries
 * on 127.0.0.0/8 for insecure ones and does not verify their certificates, so a test that matters needs another address.
 */
export function externalAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((of) => of ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

/** As `externalAddress`, but throws under CI=true where there is none: docker would verify no certificate there. */
export function requireExternalAddress(): string | undefined {
  const address = externalAddress();
  if (address !== undefined || process.env['CI'] !== 'true') return address;
  const how = 'ip link add mcr0 type dummy && ip address add 192.0.2.1/32 dev mcr0 && ip link set mcr0 up';
  throw new Error(
    `Give this machine an IPv4 address that is not on the loopback, to test with docker, such as: ${how}`,
  );
}
