import { once } from 'node:events';
import { createServer } from 'node:net';

/** A TCP port that nobody listens on now. Prefer port 0 wherever the server can tell which port it got. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  return address.port;
}
