import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestCa, freePort, startProcess, tempDirectory } from '@mcr/testkit';
import { waitForPort } from '../wait-for-port.ts';
import type { Peer } from './peer.ts';

/** Debian's docker-registry (distribution 2.8), its best case. */
export const dockerRegistry: Peer = {
  name: 'docker-registry',
  conditions: 'no authentication, no audit, no fsync',
  async start() {
    await using resources = new AsyncDisposableStack();
    const { path } = resources.use(await tempDirectory('mcr-bench-'));
    const ca = await createTestCa();
    const { certPem, keyPem } = await ca.issue();
    const [certificate, key, config] = ['cert.pem', 'key.pem', 'config.yml'].map((name) => join(path, name)) as [
      string,
      string,
      string,
    ];
    const port = await freePort();
    await writeFile(certificate, certPem);
    await writeFile(key, keyPem, { mode: 0o600 });
    await writeFile(config, configuration({ root: join(path, 'data'), port, certificate, key }));
    const server = resources.use(await startProcess('docker-registry', ['serve', config]));
    await waitForPort('127.0.0.1', port);
    const owned = resources.move();
    return {
      name: dockerRegistry.name,
      host: '127.0.0.1',
      port,
      ca: ca.caPem,
      pid: server.pid,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

function configuration(at: { root: string; port: number; certificate: string; key: string }): string {
  return `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${at.root} }
  cache: { blobdescriptor: inmemory }
http:
  addr: 127.0.0.1:${at.port}
  tls: { certificate: ${at.certificate}, key: ${at.key}, minimumtls: tls1.3 }
`;
}
