import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findGoProgram } from '@mcr/testkit';
import { type Command, commandPeer, type Place } from './command-peer.ts';
import { fillDistribution } from './distribution-files.ts';

/** distribution v3, as `go install` brings it. */
export const distribution = distributionPeer({
  name: 'distribution',
  executable: findGoProgram('registry') ?? 'registry',
});

/** distribution 2.8, as Debian has it. */
export const dockerRegistry = distributionPeer({ name: 'docker-registry', executable: 'docker-registry' });

/** A version of distribution in its best case. */
function distributionPeer(program: Pick<Command, 'name' | 'executable'>) {
  return commandPeer({
    ...program,
    conditions: 'No authentication, no policy, no audit, no request log; descriptors of blobs in memory',
    versionArguments: ['--version'],
    fill: fillDistribution,
    readyPath: '/v2/',
    async configure(place) {
      const file = join(place.directory, '..', 'config.yml');
      await writeFile(file, configuration(place));
      return ['serve', file];
    },
  });
}

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
