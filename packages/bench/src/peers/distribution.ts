import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findGoProgram } from '@mcr/testkit';
import { commandPeer, type Place } from './command-peer.ts';

/** distribution v3, as `go install` brings it, its best case. */
export const distribution = commandPeer({
  name: 'distribution',
  conditions: 'No authentication, no policy, no audit, no request log; descriptors of blobs in memory',
  executable: findGoProgram('registry') ?? 'registry',
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
  delete: { enabled: true }
http:
  addr: ${host}:${port}
  tls: { certificate: ${certificate}, key: ${key}, minimumtls: tls1.3 }
`;
}
