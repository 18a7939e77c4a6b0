import type { AddressInfo, Server } from 'node:net';
import type { Address } from '@mcr/config';

/** Opens a server's port; throws when the address cannot be had. An empty host is every interface, port 0 any free one. */
export async function listen(server: Server, { host, port }: Address): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host !== '' && { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server.address() as AddressInfo;
}
