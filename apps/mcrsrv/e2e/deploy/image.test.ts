import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freePort, type ProcessResult, run, runOk } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSuccess } from '../expectations.ts';
import { sharedDirectory, sharedResources } from '../shared.ts';
import { top } from './_util/release.ts';
import { findTool, requireTools } from './_util/tools.ts';

/** Node alone has 150. */
const sizeLimit = 200e6;
const confined = ['--read-only', '--tmpfs=/tmp', '--cap-drop=ALL', '--security-opt=no-new-privileges'];

describe.skipIf(!requireTools('buildah', 'podman', 'runc', 'skopeo'))('the image', () => {
  const shared = sharedResources();
  let directory: string;
  let storage: string[];
  let limits: string[];
  let canRun: boolean;
  let id: string;

  const buildah = (...args: string[]): Promise<string> => runOk('buildah', [...storage, ...args]);
  const podman = (...args: string[]): Promise<ProcessResult> =>
    run('podman', [...storage, '--cgroup-manager=cgroupfs', '--events-backend=none', '--runtime=runc', ...args]);
  const start = (...args: string[]): Promise<ProcessResult> =>
    podman('run', '--network=host', ...limits, ...confined, '--volume=mcr-data:/srv/mcr', ...args);

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    storage = [`--root=${directory}/root`, `--runroot=${directory}/run`, '--storage-driver=vfs'];
    limits = await permittedLimits();
    await buildBase(join(directory, 'base'), buildah);
    // The dependencies as they are installed here stand in for the npm registry.
    const installed = await runOk('find', ['.', '-maxdepth', '3', '-name', 'node_modules', '-prune'], { cwd: top });
    const volumes = installed
      .trim()
      .split('\n')
      .map((path) => `--volume=${join(top, path)}:${join('/src', path)}:ro`);
    const names = ['MCR_BUILD_VERSION=1.0.0', 'MCR_BUILD_COMMIT=d563548', 'BUILD_IMAGE=localhost/build-base'];
    const args = names.map((arg) => `--build-arg=${arg}`);
    const how = ['--quiet', '--format=docker', '--isolation=chroot', '--pull-never'];
    id = await buildah(
      'build',
      ...how,
      ...args,
      ...volumes,
      '--file',
      join(top, 'deploy/docker/Dockerfile'),
      '--tag=mcr:1.0.0',
      top,
    );
    const probe = ['run', '--rm', '--network=host', ...limits, 'localhost/build-base', '/bin/sh', '-c', 'true'];
    const probed = await podman(...probe);
    canRun = probed.code === 0;
    // Skipped there, it would prove nothing.
    if (process.env['CI'] === 'true') expectSuccess(probed);
  });

  test('says what it is and how it is run', async () => {
    const { Docker, OCIv1 } = JSON.parse(await buildah('inspect', '--type=image', 'mcr:1.0.0'));
    expect(Docker.config).toMatchObject({
      User: '10001:10001',
      ExposedPorts: { '8443/tcp': {}, '9443/tcp': {} },
      Volumes: { '/srv/mcr': {} },
      Entrypoint: ['mcrsrv'],
      Cmd: ['server', '--config', '/srv/mcr/mcr.toml'],
      Healthcheck: { Test: ['CMD', 'mcrsrv', 'health', '--config', '/srv/mcr/mcr.toml'] },
    });
    expect(OCIv1.config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'MCR',
      'org.opencontainers.image.version': '1.0.0',
      'org.opencontainers.image.revision': 'd563548',
    });
  });

  test('is small, and has no shell, no package manager and nothing that is writable for all users', async () => {
    await buildah('from', '--name=look', 'mcr:1.0.0');
    const mount = (await buildah('mount', 'look')).trim();
    const listing = await runOk('find', ['.', '!', '-type', 'l', '-printf', '%m %U %s %p\\n'], { cwd: mount });
    await buildah('rm', 'look');
    const files = listing
      .trim()
      .split('\n')
      .map((line) => {
        const [mode = '', owner = '', size = '', path = ''] = line.split(' ');
        return { mode: Number.parseInt(mode, 8), owner, size: Number(size), path };
      });
    const pathsWhere = (condition: (file: (typeof files)[number]) => boolean): string[] =>
      files
        .filter(condition)
        .map(({ path }) => path)
        .toSorted();

    expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(sizeLimit);
    expect(pathsWhere(({ path }) => /\/bin\/(?!node$)/.test(path))).toEqual([]);
    expect(pathsWhere(({ mode }) => (mode & 0o2) !== 0)).toEqual(['./tmp', './var/tmp']);
    expect(pathsWhere(({ owner }) => owner !== '0')).toEqual(['./srv/mcr']);
    expect(pathsWhere(({ mode }) => (mode & 0o6000) !== 0)).toEqual([]);
  });

  test('runs confined, is healthy, and keeps itself', async ({ skip }) => {
    skip(!canRun, 'this kernel lets no container run');
    const address = `127.0.0.1:${await freePort()}`;
    const listen = [
      '--env',
      `MCR_SERVER_LISTEN_ADDR=${address}`,
      '--env',
      `MCR_SERVER_GRPC_ADDR=127.0.0.1:${await freePort()}`,
    ];
    expectSuccess(
      await start(
        '--rm',
        '--no-healthcheck',
        'mcr:1.0.0',
        'init',
        '--dir',
        '/srv/mcr',
        '--host',
        'registry.example.com',
      ),
    );
    expectSuccess(await start('--detach', '--name=registry', ...listen, 'mcr:1.0.0'));
    try {
      await expect.poll(async () => (await podman('healthcheck', 'run', 'registry')).code, { timeout: 30_000 }).toBe(0);
      const volume = (await podman('volume', 'inspect', '--format={{.Mountpoint}}', 'mcr-data')).stdout.trim();
      const trust = join(directory, 'trust');
      await mkdir(trust);
      await copyFile(join(volume, 'tls/ca.crt'), join(trust, 'ca.crt'));
      const status = ['mcrctl', 'status', '--server', `https://${address}`, '--ca-cert', '/srv/mcr/tls/ca.crt'];
      expect((await podman('exec', 'registry', ...status)).stdout).toMatch(/status\s+ready/);

      const password = (await readFile(join(volume, 'initial-admin-password'), 'utf8')).trim();
      const access = [`--creds=admin:${password}`, `--cert-dir=${trust}`];
      const reference = `docker://${address}/mcr/mcr:1.0.0`;
      expectSuccess(await podman('push', '--quiet', ...access, 'mcr:1.0.0', reference));
      const back = join(directory, 'back');
      await runOk('skopeo', [
        '--insecure-policy',
        'copy',
        '--quiet',
        `--src-creds=admin:${password}`,
        `--src-cert-dir=${trust}`,
        reference,
        `dir:${back}`,
      ]);
      expect(JSON.parse(await readFile(join(back, 'manifest.json'), 'utf8')).config.digest).toBe(`sha256:${id.trim()}`);

      const webPort = await freePort();
      const web = ['--detach', '--rm', '--name=web', '--no-healthcheck', '--entrypoint=mcr-web'];
      const webAddress = `MCR_WEB_LISTEN_ADDR=127.0.0.1:${webPort}`;
      expectSuccess(await start(...web, '--env', webAddress, 'mcr:1.0.0', 'server', '--config', '/srv/mcr/mcr.toml'));
      const probe = `require('net').connect(${webPort}, '127.0.0.1').on('connect', process.exit)`;
      await expect
        .poll(async () => (await podman('exec', 'web', 'node', '-e', probe)).code, { timeout: 30_000 })
        .toBe(0);
      expectSuccess(await podman('stop', '--time=30', 'web'));

      const stopped = await podman('stop', '--time=30', 'registry');
      expectSuccess(stopped);
      expect((await podman('inspect', '--format={{.State.ExitCode}}', 'registry')).stdout).toBe('0\n');
    } finally {
      await podman('rm', '--force', '--ignore', '--time=0', 'registry', 'web');
    }
  });
});

/** An image that has what the first stage needs, and is made of nothing but files of this machine: Node and a shell. */
async function buildBase(directory: string, buildah: (...args: string[]) => Promise<string>): Promise<void> {
  const put = async (from: string, to: string): Promise<void> => {
    await mkdir(join(directory, dirname(to)), { recursive: true });
    await cp(from, join(directory, to), { dereference: true });
  };
  for (const [program, path] of [
    [process.execPath, '/usr/bin/node'],
    [findTool('sh') ?? '', '/bin/sh'],
  ] as const) {
    await put(program, path);
    const libraries = (await runOk('ldd', [program])).matchAll(/(\/\S+) \(0x/g);
    for (const [, library = ''] of libraries) await put(library, library);
  }
  for (const name of ['tmp', 'etc']) await mkdir(join(directory, name));
  await writeFile(
    join(directory, 'Dockerfile'),
    'FROM scratch\nCOPY bin /bin\nCOPY lib /lib\nCOPY lib64 /lib64\nCOPY usr /usr\nCOPY tmp /tmp\n',
  );
  await buildah('build', '--quiet', '--tag=localhost/build-base', directory);
}

/** podman asks for more open files and processes than a confined root may grant. */
async function permittedLimits(): Promise<string[]> {
  const text = await readFile('/proc/self/limits', 'utf8');
  const hard = (name: string): number =>
    Number(new RegExp(`^${name}\\s+\\S+\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 65_536);
  const [files, processes] = [hard('Max open files'), Math.min(4_096, hard('Max processes'))];
  return [`--ulimit=nofile=${files}:${files}`, `--ulimit=nproc=${processes}:${processes}`];
}
