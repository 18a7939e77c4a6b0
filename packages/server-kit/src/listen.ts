import type { AddressInfo, Server } from 'node:net';

/** Where to listen. */
export interface ListenAddress {
  /** Name or address; empty for every interface. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

/** A client that pushes a thousand layers at once opens as many connections; Node's own 511 make the kernel drop some. */
const backlog = 4_096;

/** Opens a server's port; throws when the address cannot be had. An empty host is every interface, port 0 any free one. */
export async function listen(server: Server, { host, port }: ListenAddress): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, backlog, ...(host !== '' && { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server.address() as AddressInfo;
}
