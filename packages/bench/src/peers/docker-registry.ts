import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandPeer, type Place } from './command-peer.ts';

/** Debian's docker-registry (distribution 2.8), its best case. */
export const dockerRegistry = commandPeer({
  name: 'docker-registry',
  conditions: 'No authentication, no policy, no audit, no fsync, no request log; descriptors of blobs in memory',
  executable: 'docker-registry',
  versionArguments: ['--version'],
  readyPath: '/v2/',
  async configure(place) {
    const file = join(place.directory, '..', 'config.yml');
    await writeFile(file, configuration(place));
    return ['serve', file];
  },
});

function configuration({ directory, host, port, certificate, key }: Place): string {
  return `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${directory} }
  cache: { blobdescriptor: inmemory }
http:
  addr: ${host}:${port}
  tls: { certificate: ${certificate}, key: ${key}, minimumtls: tls1.3 }
`;
}
