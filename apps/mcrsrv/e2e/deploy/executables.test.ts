import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildImage, freePort, pushImage, run, runOk, startProcess } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from '../expectations.ts';
import { sharedDirectory, sharedResources } from '../shared.ts';
import { top } from './_util/release.ts';
import { serve } from './_util/serve.ts';
import { requireTools } from './_util/tools.ts';

describe.skipIf(!requireTools('chroot'))('the executables', () => {
  const shared = sharedResources();
  let executables: string;
  /** Has the executables and the C and C++ libraries, and nothing else. */
  let bare: string;

  beforeAll(async () => {
    const directory = await sharedDirectory(shared);
    executables = join(directory, 'exe');
    const env = { ...process.env, MCR_BUILD_VERSION: '1.0.0' };
    await runOk(process.execPath, [join(top, 'packages/tools/src/build/build-exe.ts'), '--out', executables], { env });
    bare = join(directory, 'bare');
    for (const name of ['bin', 'tmp', 'srv']) await mkdir(join(bare, name), { recursive: true });
    for (const name of ['mcrsrv', 'mcr-web', 'mcrctl'])
      await copyFile(join(executables, name), join(bare, 'bin', name));
    const libraries = (await runOk('ldd', [join(bare, 'bin', 'mcrsrv')])).matchAll(/(\/\S+) \(0x/g);
    for (const [, library = ''] of libraries) {
      await mkdir(join(bare, dirname(library)), { recursive: true });
      await copyFile(library, join(bare, library));
    }
  });

  test('have the same bytes when they are built again, with another place for temporary files', async () => {
    const again = join(bare, '..', 'again');
    const env = { ...process.env, MCR_BUILD_VERSION: '1.0.0', TMPDIR: join(bare, '..') };
    await runOk(process.execPath, [join(top, 'packages/tools/src/build/build-exe.ts'), '--out', again, 'mcrctl'], {
      env,
    });
    expect(await readdir(again)).toEqual(['mcrctl']);
    expect(await runOk('cmp', [join(executables, 'mcrctl'), join(again, 'mcrctl')])).toBe('');
  });

  test('serve a push and a pull where there is nothing else at all, with two workers', async () => {
    const workers = { MCR_SERVER_WORKERS: '2', MCR_STORAGE_SHARED: 'true' };
    const options = { env: workers, directory: '/srv/mcr', seenAs: join(bare, 'srv/mcr') };
    await using registry = await serve({ ...options, mcrsrv: ['chroot', bare, '/bin/mcrsrv'] });
    const image = await buildImage({ layers: [{ size: 1_000_000 }] });
    expect(await pushImage(registry.client, 'hello/world', '1', image)).toMatchObject({ status: 201 });
    await expectSame(registry.client, 'hello/world', '1', image);

    const snapshot = ['snapshot', '--config', '/srv/mcr/mcr.toml', '--to', '/srv/copy.db'];
    expect(await runOk('chroot', [bare, '/bin/mcrsrv', ...snapshot], { env: {} })).toMatch(/^\/srv\/copy\.db\t\d+\n$/);
    const server = ['--server', registry.baseUrl, '--ca-cert', '/srv/mcr/tls/ca.crt'];
    expect(await runOk('chroot', [bare, '/bin/mcrctl', 'status', ...server], { env: { HOME: '/' } })).toMatch(
      /status\s+ready/,
    );

    const port = await freePort();
    const env = { MCR_WEB_LISTEN_ADDR: `127.0.0.1:${port}`, MCR_WEB_GRPC_ADDR: registry.grpcAddress };
    const web = ['chroot', bare, '/bin/mcr-web', 'server', '--config', '/srv/mcr/mcr.toml'] as const;
    await using ui = await startProcess(web[0], web.slice(1), { env });
    await expect.poll(() => ui.output(), { timeout: 20_000 }).toContain('listening');
    const ca = join(bare, 'srv/mcr/tls/ca.crt');
    const get = (path: string): Promise<string> =>
      runOk('curl', ['--silent', '--fail', '--location', '--cacert', ca, `https://127.0.0.1:${port}${path}`]);
    const files = [...(await get('/')).matchAll(/(?:href|src)="(\/static\/[^"]+\.(?:css|js))"/g)];
    expect(files.length).toBeGreaterThan(1);
    for (const [, path = ''] of files) expect((await get(path)).length, path).toBeGreaterThan(100);
  });

  test('leave no copy of their native part behind', async () => {
    expect(await runOk('find', [join(bare, 'tmp'), '-mindepth', '1'])).toBe('');
  });

  test('say what to do when there is no place to load their native part from', async () => {
    await runOk('rmdir', [join(bare, 'tmp')]);
    const list = () =>
      run('chroot', [bare, '/bin/mcrsrv', 'account', 'list', '--config', '/srv/mcr/mcr.toml'], { env: {} });
    const rejected = await list();
    expect(rejected.code).toBe(1);
    expect(rejected.stderr).toMatch(/\.node cannot be loaded; set TMPDIR to a directory .*, or put \S+\.node beside/);
    const [, name = ''] = /native part (\S+\.node)/.exec(rejected.stderr) ?? [];
    await copyFile(join(top, 'apps/mcrsrv/dist', name), join(bare, 'bin', name));
    expect(await list()).toMatchObject({ code: 0, stdout: expect.stringContaining('admin') });
  });
});
