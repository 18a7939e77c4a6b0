import { createServer } from 'node:net';
import { type ListenAddress, listen } from './listen.ts';

/** Takes an address for a moment; says why it cannot be had, if it cannot. */
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
