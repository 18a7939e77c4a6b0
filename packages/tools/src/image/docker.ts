// `npm run docker`: builds the container image with whichever builder is installed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { run } from '../run.ts';
import { identifyBuild, imageTag } from '../version.ts';

const dockerfile = join('deploy', 'docker', 'Dockerfile');
if (!existsSync(join(root, dockerfile))) fail(`${dockerfile} not found`);

const builder = await findBuilder();
if (builder === undefined) fail('No image builder found: install buildah or podman, or start the docker daemon');

const { version, commit } = identifyBuild();
// The OCI format, buildah's own, has no place for a health check.
const format = builder === 'docker' ? [] : ['--format', 'docker'];
const args = [
  'build',
  ...format,
  '--file',
  dockerfile,
  '--build-arg',
  `MCR_BUILD_VERSION=${version}`,
  '--build-arg',
  `MCR_BUILD_COMMIT=${commit}`,
  '--tag',
  `mcr:${imageTag(version)}`,
  '.',
];
process.exitCode = (await run(builder, args, { capture: false })).code;

/** For docker the daemon is checked, too: the client is often installed without one. */
async function findBuilder(): Promise<string | undefined> {
  const probes = { buildah: ['--version'], podman: ['--version'], docker: ['info'] };
  for (const [name, args] of Object.entries(probes)) {
    if ((await run(name, args, { capture: true })).code === 0) return name;
  }
  return undefined;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
