import { type AddressInfo, createServer, type Server } from 'node:net';

/** An address to listen on. */
export interface ListenAddress {
  /** Host name or address; empty for all interfaces. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/**
 * A client that pushes a thousand layers opens as many connections; with Node's default of 511 the kernel drops some.
 */
const backlog = 4_096;

/** Starts to listen; throws if the address is not available. An empty host is all interfaces, port 0 any free port. */
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

/** Listens on an address for a moment; returns the error if it is not available. */
export async function tryListen(address: ListenAddress): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  try {
    await listen(server, address);
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  } finally {
    server.close();
  }
}
