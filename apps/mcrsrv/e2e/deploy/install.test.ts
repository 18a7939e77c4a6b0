import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImage, writeOciLayout } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedDirectory, sharedResources } from '../shared.ts';
import { bootMachine, type Machine } from './_util/machine.ts';
import { buildRelease, top, unpack } from './_util/release.ts';
import { requireTools } from './_util/tools.ts';

const present = requireTools('systemd-nspawn', 'nsenter', 'unshare', 'skopeo', 'openssl', 'rsync');
const host = 'registry.example.com:8443';
const skopeo = 'skopeo --insecure-policy';
const trust = '--cert-dir /root/certs';

describe.skipIf(!present)('install.sh, on a machine of its own', () => {
  const shared = sharedResources();
  let machine: Machine;
  const old = '/releases/mcr-0.9.0-linux-x64/install.sh';
  const recent = '/releases/mcr-1.0.0-linux-x64/install.sh';

  beforeAll(async () => {
    const directory = await sharedDirectory(shared);
    const releases = join(directory, 'releases');
    const machineDirectory = join(directory, 'machine');
    for (const path of [releases, machineDirectory]) await mkdir(path);
    for (const version of ['0.9.0', '1.0.0'])
      await unpack(await buildRelease(join(directory, 'out'), { version }), releases);
    for (const name of ['first', 'second', 'third']) {
      const image = await buildImage({ layers: [{ size: 100_000, seed: name }] });
      await mkdir(join(directory, name));
      await writeOciLayout(join(directory, name), image, 'v1');
    }
    const binds = { '/releases': releases, '/images': directory, '/opt/node-26': process.execPath };
    machine = shared.use(await bootMachine(machineDirectory, binds));
    await machine.sh('rm -rf /srv/mcr /usr/local/lib/mcr; echo 127.0.0.1 registry.example.com >>/etc/hosts');
  });

  const push = (name: string): Promise<string> =>
    machine.sh(`${skopeo} copy --dest-cert-dir /root/certs oci:/images/${name}:v1 docker://${host}/hello/${name}:v1`);
  const pull = (name: string): Promise<string> =>
    machine.sh(
      `rm -rf /root/back; ${skopeo} copy --src-cert-dir /root/certs docker://${host}/hello/${name}:v1 oci:/root/back:v1`,
    );
  const version = async (): Promise<string> => (await machine.ok('mcrsrv', '--version')).trim();
  const served = async (): Promise<string> => {
    const health = await machine.sh(`curl --silent --fail --cacert /root/certs/ca.crt https://${host}/v1/health`);
    return JSON.parse(health).version;
  };
  /** Whatever installing could touch, but not what the running server writes. */
  const everything = (): Promise<string> =>
    machine.sh(
      "find /etc /usr/local /srv/mcr ! -name 'mcr.db*' ! -name '*.lock*' -printf '%p %M %u:%g %s %T@ %l\\n' | sort; getent passwd mcr",
    );

  test('says what it would do, and does nothing, in a dry run', async () => {
    const before = await machine.sh('find /etc /usr/local /srv | sort');
    const said = await machine.ok(recent, '--dry-run', '--init', 'registry.example.com');
    expect(said).toMatch(/^would run: groupadd --system mcr$/m);
    expect(said).toMatch(/^would run: .*mcr\.service$/m);
    expect(said).not.toMatch(/^\+/m);
    expect(await machine.sh('find /etc /usr/local /srv | sort')).toBe(before);
  });

  test('refuses a Node that is too old, before anything is in use', async () => {
    await machine.sh("printf '#!/bin/sh\\necho v18.20.4\\n' >/usr/local/bin/node && chmod 755 /usr/local/bin/node");
    const refused = await machine.run(old, '--init', 'registry.example.com');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing is in use yet') });
    await machine.sh(
      'rm /usr/local/bin/node; test ! -e /usr/local/bin/mcrsrv; test ! -e /etc/systemd/system/mcr.service',
    );
  });

  test('installs, sets up and starts a registry that can be pushed to', async () => {
    const said = await machine.ok(old, '--init', 'registry.example.com', '--node', '/opt/node-26', '--start');
    expect(said).toMatch(/is installed$/m);
    await machine.ok('systemctl', 'is-active', 'mcr', 'mcr-web', 'mcr-backup.timer');
    await machine.ok('systemctl', 'is-enabled', 'mcr', 'mcr-web', 'mcr-backup.timer');
    await machine.sh('mkdir /root/certs && cp /srv/mcr/tls/ca.crt /root/certs/');
    await machine.sh(`${skopeo} login ${trust} -u admin --password-stdin ${host} </srv/mcr/initial-admin-password`);
    await push('first');
    await pull('first');
    expect(await served()).toBe('0.9.0');
    const page = 'curl --silent --fail --location --cacert /root/certs/ca.crt https://registry.example.com:8080/';
    expect(await machine.sh(page)).toContain('<!doctype html>');
  });

  test('changes nothing when it is run again', async () => {
    const before = await everything();
    const said = await machine.ok(old, '--init', 'registry.example.com', '--node', '/opt/node-26', '--start');
    expect(said).toMatch(/^There is nothing to do: MCR 0\.9\.0-[0-9a-f]{8} is installed\n$/);
    expect(await everything()).toBe(before);
  });

  test('installs units that systemd has no complaint about, with an exposure below 2.0', async () => {
    const units = ['mcr.service', 'mcr-web.service', 'mcr-backup.service', 'mcr-backup.timer'];
    expect(await machine.run('systemd-analyze', 'verify', '--man=no', ...units)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    for (const unit of units.slice(0, 3)) {
      const said = await machine.ok('systemd-analyze', 'security', '--offline=true', '--threshold=20', unit);
      expect(Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1])).toBeLessThan(2);
    }
  });

  test('confines the services as the units say', async () => {
    for (const unit of ['mcr', 'mcr-web']) {
      const pid = (await machine.ok('systemctl', 'show', '--property=MainPID', '--value', unit)).trim();
      expect(await machine.ok('cat', `/proc/${pid}/status`)).toMatch(
        /CapEff:\s+0000000000000400[^]*NoNewPrivs:\s+1\nSeccomp:\s+2/,
      );
      const inside = (line: string) => machine.run('nsenter', '--target', pid, '--mount', 'sh', '-c', line);
      expect(await inside('touch /usr/x /etc/x')).toMatchObject({ code: 1 });
      expect((await inside('ls /srv/mcr/layers/sha256')).code === 0).toBe(unit === 'mcr');
      expect((await inside('touch /srv/mcr/x && rm /srv/mcr/x')).code === 0).toBe(unit === 'mcr');
    }
  });

  test('takes a new certificate on reload, without a restart', async () => {
    const shown = (): Promise<string> =>
      machine.sh(`openssl s_client -connect ${host} </dev/null 2>/dev/null | openssl x509 -noout -serial`);
    const pid = (): Promise<string> => machine.ok('systemctl', 'show', '--property=MainPID', 'mcr');
    const [before, process] = [await shown(), await pid()];
    await machine.sh('runuser -u mcr -- mcrsrv init --dir /srv/mcr/new --host registry.example.com 2>/dev/null; true');
    await machine.sh(
      'cd /srv/mcr && cp new/tls/* tls/ && cp tls/ca.crt /root/certs/ && systemctl reload mcr && rm -r new',
    );
    await expect.poll(shown, { timeout: 10_000 }).not.toBe(before);
    expect(await pid()).toBe(process);
    await pull('first');
  });

  test('plans a backup for each night, and the backup works while the registry runs', async () => {
    const planned = await machine.sh("sed -n 's/^OnCalendar=//p' /etc/systemd/system/mcr-backup.timer");
    const times = await machine.ok('systemd-analyze', 'calendar', '--iterations=3', planned.trim());
    expect(times.match(/(Next elapse|Iter\. #\d): \w{3} [\d-]{10} 02:00:00 UTC$/gm)).toHaveLength(3);
    const next = await machine.ok(
      'systemctl',
      'show',
      '--property=NextElapseUSecRealtime',
      '--value',
      'mcr-backup.timer',
    );
    expect(new Date(next.trim()).toISOString()).toMatch(/T02:0[0-5]:\d\d\.000Z$/);
    await machine.ok('systemctl', 'start', 'mcr-backup');
    expect(await machine.sh("stat -c '%a %U %n' /srv/mcr/snapshots/*")).toMatch(
      /^600 mcr \/srv\/mcr\/snapshots\/mcr-[0-9TZ-]+\.db\n$/,
    );
  });

  test('gets everything back from a backup, the way docs/install.md has it', async () => {
    const documents = await readFile(join(top, 'docs/install.md'), 'utf8');
    const commands = (name: string): string =>
      new RegExp(`^\`\`\`sh ${name}\\n([^]*?)\`\`\``, 'm').exec(documents)?.[1] ?? 'false';
    await machine.sh(`mkdir /backup\n${commands('backup')}`);
    await machine.sh('systemctl stop mcr-web mcr && rm -rf /srv/mcr');
    await machine.ok(old, '--node', '/opt/node-26');
    await machine.sh(commands('restore'));
    await pull('first');
  });

  test('upgrades with a copy of the database first, and everything is still there', async () => {
    const said = await machine.ok(recent);
    expect(said).toMatch(
      /snapshot .*before-1\.0\.0[^]*stop mcr-web\n[^]*stop mcr\n[^]*current\n[^]*start mcr\n[^]*start mcr-web\n/,
    );
    expect([await version(), await served()]).toEqual(['1.0.0', '1.0.0']);
    await machine.sh('ls /srv/mcr/snapshots/before-1.0.0-*.db');
    await pull('first');
    await push('second');
    expect(await machine.ok(recent)).toMatch(/^There is nothing to do/);
  });

  test('goes back, and keeps what was pushed since', async () => {
    await machine.ok('/usr/local/lib/mcr/current/install.sh', 'rollback');
    expect([await version(), await served()]).toEqual(['0.9.0', '0.9.0']);
    for (const name of ['first', 'second']) await pull(name);
  });

  test('after a migration goes back only with the copy from before, and says so', async () => {
    await machine.ok(recent);
    await push('third');
    const migrate =
      "new (require('node:sqlite').DatabaseSync)('/srv/mcr/mcr.db').exec(\"INSERT INTO schema_migrations VALUES (999, 'later', 0)\")";
    await machine.ok('/opt/node-26', '-e', migrate);
    const refused = await machine.run('/usr/local/lib/mcr/current/install.sh', 'rollback');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--restore-database') });
    expect(await served()).toBe('1.0.0');

    // A later program would know its own migration; this one does not.
    await machine.ok(
      '/opt/node-26',
      '-e',
      migrate.replace(
        "INSERT INTO schema_migrations VALUES (999, 'later', 0)",
        'DELETE FROM schema_migrations WHERE id = 999',
      ),
    );
    await machine.ok('/usr/local/lib/mcr/current/install.sh', 'rollback', '--restore-database');
    expect([await version(), await served()]).toEqual(['0.9.0', '0.9.0']);
    for (const name of ['first', 'second']) await pull(name);
    await expect(pull('third')).rejects.toThrow(/manifest unknown|name unknown|not known/i);
    expect(await machine.sh("stat -c '%a %U' /srv/mcr/mcr.db")).toBe('600 mcr\n');
  });

  test('says how to go back when a new version does not start, and does', async () => {
    const launcher = '#!/bin/sh\\n[ "$1" = --version ] || [ "$1" = snapshot ] && exec "$0.good" "$@"\\nexit 1\\n';
    await machine.sh(`cp -r /releases/mcr-1.0.0-linux-x64 /root/broken && cd /root/broken && echo 1.0.1 >VERSION
      mv mcrsrv/mcrsrv mcrsrv/mcrsrv.good && printf '${launcher}' >mcrsrv/mcrsrv && chmod 755 mcrsrv/mcrsrv
      find . -type f ! -name SHA256SUMS -exec sha256sum {} + >SHA256SUMS`);
    const broken = await machine.run('/root/broken/install.sh');
    expect(broken).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/mcr does not start: .*install\.sh rollback goes back/),
    });
    await machine.ok('/usr/local/lib/mcr/current/install.sh', 'rollback');
    expect([await version(), await served()]).toEqual(['0.9.0', '0.9.0']);
    await pull('first');
    await machine.ok('systemctl', 'is-active', 'mcr-web');
  });

  test('reports a configuration that does not work at once', async () => {
    await machine.sh('echo MCR_LOG_LEVEL=loud >/etc/default/mcr');
    const refused = await machine.run('systemctl', 'restart', 'mcr');
    expect(refused.code).toBe(1);
    expect(await machine.ok('journalctl', '--unit=mcr', '--no-pager', '--lines=30')).toContain('log.level');
    await machine.sh('rm /etc/default/mcr; systemctl reset-failed mcr; systemctl start mcr');
    await pull('first');
  });

  test('uninstalls the programs and the units, and keeps the data', async () => {
    await machine.ok('/usr/local/lib/mcr/current/install.sh', 'uninstall');
    expect(await machine.sh("find /etc /usr/local -name 'mcr*'")).toBe('');
    expect((await machine.run('systemctl', 'is-active', 'mcr', 'mcr-web')).stdout).toBe('inactive\ninactive\n');
    await machine.sh('test -s /srv/mcr/mcr.db; getent passwd mcr');

    await machine.ok(recent, '--node', '/opt/node-26', '--start');
    for (const name of ['first', 'second']) await pull(name);
  });
});
