import { createServer } from 'node:net';
import { type ListenAddress, listen } from './listen.ts';

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
