import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findGoProgram } from '@mcr/testkit';
import { type Command, commandPeer, type Place } from './command-peer.ts';
import { fillDistribution } from './distribution-files.ts';
import { registryToken, tokenKeys } from './registry-token.ts';

/** distribution v3, as `go install` brings it. */
export const distribution = distributionPeer({
  name: 'distribution',
  executable: findGoProgram('registry') ?? 'registry',
});

/** distribution 2.8, as Debian has it. */
export const dockerRegistry = distributionPeer({ name: 'docker-registry', executable: 'docker-registry' });

/**
 * distribution v3 with what it has of what MCR does: a token that names the repositories and what may be done there, verified at
 * each request, and a log line. Only what the token names can be measured, see tokenRepositories.
 */
export const distributionWithTokens = commandPeer({
  ...program('distribution with tokens', findGoProgram('registry') ?? 'registry'),
  conditions: 'Token authentication and a log line for each request; no audit; descriptors of blobs in memory',
  // The path that it serves without a token.
  readyPath: '/',
  async configure(place) {
    const keys = join(place.directory, '..', 'keys.json');
    await writeFile(keys, JSON.stringify(tokenKeys));
    return await configured(place, {
      accesslog: true,
      auth: `auth: { token: { realm: "https://127.0.0.1/token", service: bench, issuer: bench, jwks: ${keys} } }\n`,
    });
  },
  logIn: async () => ({ authorization: `Bearer ${await registryToken()}` }),
});

/** A version of distribution in its best case. */
function distributionPeer({ name, executable }: Pick<Command, 'name' | 'executable'>) {
  return commandPeer({
    ...program(name, executable),
    conditions: 'No authentication, no policy, no audit, no request log; descriptors of blobs in memory',
    readyPath: '/v2/',
    configure: (place) => configured(place),
  });
}

function program(name: string, executable: string) {
  return { name, executable, versionArguments: ['--version'], fill: fillDistribution };
}

interface Extras {
  readonly accesslog: boolean;
  /** A section of the configuration. */
  readonly auth: string;
}

async function configured(place: Place, extras: Extras = { accesslog: false, auth: '' }): Promise<readonly string[]> {
  const file = join(place.directory, '..', 'config.yml');
  await writeFile(file, configuration(place, extras));
  return ['serve', file];
}

function configuration({ directory, host, port, certificate, key }: Place, { accesslog, auth }: Extras): string {
  return `version: 0.1
log: { level: error, accesslog: { disabled: ${!accesslog} } }
${auth}storage:
  filesystem: { rootdirectory: ${directory} }
  cache: { blobdescriptor: inmemory }
http:
  addr: ${host}:${port}
  tls: { certificate: ${certificate}, key: ${key}, minimumtls: tls1.3 }
`;
}
