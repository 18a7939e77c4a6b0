import { join } from 'node:path';
import { Connection, requestHead } from '../connection.ts';
import { cpuSeconds } from '../cpu.ts';
import { commandPeer } from '../peers/command-peer.ts';
import type { Contender } from './contenders.ts';
import { type Load, type Measure, pushedBlob, repeatedPulls } from './measures.ts';

/**
 * Measures pulls that Node's own HTTPS server passes on from S3, whose objects the redirects of `registry` name: what is left
 * above it is what MCR does.
 */
export async function startBareProxy(
  registry: Contender,
  resources: AsyncDisposableStack,
): Promise<(load: Load) => Promise<Measure>> {
  const caPath = registry.stores?.env['MCR_S3_CA_CERT'] ?? '';
  const peer = commandPeer({
    name: 'bare Node, from S3',
    conditions: "No registry: Node's HTTPS server on one thread passes on what S3 sends",
    executable: process.execPath,
    versionArguments: ['--version'],
    readyPath: '/',
    configure: async ({ host, port, certificate, key }) => [
      join(import.meta.dirname, 'proxy-server.ts'),
      host,
      String(port),
      certificate,
      key,
      caPath,
    ],
  });
  const proxy = resources.use(await peer.start());
  const { host, port, ca, name } = proxy;
  const contender = { name, address: { host, port, ca }, cpu: () => cpuSeconds(proxy.pid) };
  return async (load) => {
    const headers = { 'X-Object': await objectOf(registry) };
    return await repeatedPulls(contender, requestHead(contender.address, 'GET', '/object', headers), load);
  };
}

/** The presigned URL of a blob of 16 MiB. */
async function objectOf(registry: Contender): Promise<string> {
  const path = await pushedBlob(registry);
  using connection = await Connection.open(registry.address);
  const { headers } = await connection.send(requestHead(registry.address, 'GET', path));
  const location = /\r\nlocation: *(\S+)/i.exec(headers)?.[1];
  if (location === undefined) throw new Error(`No redirect: ${headers}`);
  return location;
}
