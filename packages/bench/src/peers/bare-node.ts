import { join } from 'node:path';
import { commandPeer } from './command-peer.ts';

/** Node's own HTTPS server, which sends from memory what MCR sends: what is left above it is what MCR does. */
export const bareNode = commandPeer({
  name: 'bare Node',
  conditions:
    "No registry: Node's HTTPS server on one thread sends a response of the same size and headers from memory to every request",
  executable: process.execPath,
  versionArguments: ['--version'],
  readyPath: '/v2/',
  configure: async ({ host, port, certificate, key }) => [
    join(import.meta.dirname, 'static-server.ts'),
    host,
    String(port),
    certificate,
    key,
    String(manifestBytes),
  ],
});

/** About as long as a manifest, bytes. */
export const manifestBytes = 550;
