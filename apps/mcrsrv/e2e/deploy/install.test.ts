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
    const { version, commit } = JSON.parse(health);
    return `${version} (${commit})`;
  };
  const installed = '/usr/local/lib/mcr/current/install.sh';
  /** Whatever installing could touch, but not what the running server writes. */
  const everything = async (): Promise<string[]> =>
    (await machine.changes('/etc', '/usr/local', '/srv')).filter((line) => !line.startsWith('/srv/mcr/mcr.db'));

  test('says what it would do, and does nothing, in a dry run', async () => {
    const before = await everything();
    const said = await machine.ok(recent, '--dry-run', '--init', 'registry.example.com');
    expect(said).toMatch(/^would run: groupadd --system mcr$/m);
    expect(said).toMatch(/^would run: .*mcr\.service$/m);
    expect(said).not.toMatch(/^\+/m);
    expect(await everything()).toEqual(before);
  });

  test.each([
    ['is too old', 'echo v18.20.4', 'install one'],
    [
      'a server must not run on',
      `[ "$1" = --version ] && echo v24.0.0 && exit
exec /opt/node-26 --import 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"24.0.0"})' "$@"`,
      'install 24.18.1',
    ],
  ])('rejects a Node that %s, before anything is in use', async (_, script, advice) => {
    await machine.sh(`cat >/usr/local/bin/node <<'EOF'\n#!/bin/sh\n${script}\nEOF\nchmod 755 /usr/local/bin/node`);
    const rejected = await machine.run(old, '--init', 'registry.example.com');
    await machine.sh('rm /usr/local/bin/node');
    expect(rejected).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing is in use yet') });
    expect(rejected.stderr).toContain(advice);
    await machine.sh('test ! -e /usr/local/bin/mcrsrv; test ! -e /etc/systemd/system/mcr.service');
  });

  test('installs, sets up and starts a registry that can be pushed to', async () => {
    const said = await machine.ok(old, '--init', 'registry.example.com', '--node', '/opt/node-26', '--start');
    expect(said).toMatch(/is installed$/m);
    for (const question of ['is-active', 'is-enabled'])
      await machine.ok('systemctl', question, 'mcr', 'mcr-web', 'mcr-backup.timer', 'mcr-fsck.timer');
    await machine.sh('mkdir /root/certs && cp /srv/mcr/tls/ca.crt /root/certs/');
    await machine.sh(`${skopeo} login ${trust} -u admin --password-stdin ${host} </srv/mcr/initial-admin-password`);
    await push('first');
    await pull('first');
    expect(await served()).toBe('0.9.0 (d563548)');
    const page = 'curl --silent --fail --location --cacert /root/certs/ca.crt https://registry.example.com:8080/';
    expect(await machine.sh(page)).toContain('<!doctype html>');
  });

  test('changes nothing when it is run again', async () => {
    const before = await everything();
    const said = await machine.ok(old, '--init', 'registry.example.com', '--node', '/opt/node-26', '--start');
    expect(said).toMatch(/^There is nothing to do: MCR 0\.9\.0-[0-9a-f]{8} is installed\n$/);
    expect(await everything()).toEqual(before);
  });

  test('installs units that systemd has no complaint about, with an exposure below 2.0', async () => {
    const services = ['mcr.service', 'mcr-web.service', 'mcr-backup.service', 'mcr-fsck.service'];
    const units = [...services, 'mcr-backup.timer', 'mcr-fsck.timer'];
    expect(await machine.run('systemd-analyze', 'verify', '--man=no', ...units)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    for (const unit of services) {
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

  test('reads its certificate again on reload, without a restart', async () => {
    const shown = (): Promise<string> =>
      machine.sh(`openssl s_client -connect ${host} </dev/null 2>/dev/null | openssl x509 -noout -serial`);
    const running = (): Promise<string> => machine.ok('systemctl', 'show', '--property=MainPID', 'mcr', 'mcr-web');
    const reloads = async (unit: string): Promise<number> => {
      const log = await machine.ok('journalctl', `--unit=${unit}`, '--no-pager', '--output=cat');
      return log.split('"msg":"certificate reloaded"').length - 1;
    };
    const processes = await running();
    for (const unit of ['mcr', 'mcr-web']) {
      // The files are as they were, so that nothing but the signal makes it look.
      const before = await reloads(unit);
      await machine.ok('systemctl', 'reload', unit);
      await expect.poll(() => reloads(unit), { timeout: 20_000 }).toBe(before + 1);
    }
    const before = await shown();
    await machine.sh('runuser -u mcr -- mcrsrv init --dir /srv/mcr/new --host registry.example.com 2>/dev/null');
    await machine.sh('cd /srv/mcr && cp new/tls/* tls/ && cp tls/ca.crt /root/certs/ && rm -r new');
    await machine.ok('systemctl', 'reload', 'mcr');
    await expect.poll(shown, { timeout: 20_000 }).not.toBe(before);
    expect(await running()).toBe(processes);
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
    const snapshots = '/srv/mcr/snapshots';
    await machine.sh(`cd ${snapshots}; touch --date='29 days ago' mcr-a-month-ago.db
      touch --date='32 days ago' mcr-longer-ago.db before-an-upgrade.db mine.db`);
    await machine.ok('systemctl', 'start', 'mcr-backup');
    await machine.sh(
      `cd ${snapshots}; rm mcr-a-month-ago.db before-an-upgrade.db mine.db; test ! -e mcr-longer-ago.db`,
    );
    expect(await machine.sh(`stat -c '%a %U %n' ${snapshots}/*`)).toMatch(
      /^600 mcr \/srv\/mcr\/snapshots\/mcr-[0-9TZ-]+\.db\n$/,
    );
  });

  test('checks every blob once a week, beside the registry, and fails when one is damaged', async () => {
    const planned = await machine.sh("sed -n 's/^OnCalendar=//p' /etc/systemd/system/mcr-fsck.timer");
    const times = await machine.ok('systemd-analyze', 'calendar', '--iterations=2', planned.trim());
    expect(times.match(/(Next elapse|Iter\. #\d): Sun [\d-]{10} 03:00:00 UTC$/gm)).toHaveLength(2);
    const log = (): Promise<string> => machine.ok('journalctl', '--unit=mcr-fsck', '--no-pager', '--output=cat');
    await machine.ok('systemctl', 'start', 'mcr-fsck');
    expect(await log()).toContain('Everything is whole');
    await machine.sh(`cd /srv/mcr/layers/sha256; file=$(find . -type f -size +90k | head -n 1); cp -p $file /root/blob
      printf x | dd of=$file conv=notrunc status=none; echo $file >/root/blob-path`);
    expect((await machine.run('systemctl', 'start', 'mcr-fsck')).code).toBe(1);
    await machine.sh('cd /srv/mcr/layers/sha256; cp -p /root/blob "$(cat /root/blob-path)"; systemctl reset-failed');
    expect(await log()).toContain('blob-digest');
    await pull('first');
  });

  test('fails the backup of a database that is lost, and makes no new one', async () => {
    await machine.sh('systemctl stop mcr-web mcr; mv /srv/mcr/mcr.db /root/');
    const failed = await machine.run('systemctl', 'start', 'mcr-backup');
    await machine.sh('test ! -e /srv/mcr/mcr.db; mv /root/mcr.db /srv/mcr/; systemctl start mcr mcr-web');
    expect(failed.code).toBe(1);
    expect(await machine.ok('journalctl', '--unit=mcr-backup', '--no-pager')).toContain('There is no database');
  });

  test('gets everything back from a backup, the way docs/install.md has it', async () => {
    const documents = await readFile(join(top, 'docs/install.md'), 'utf8');
    const commands = (name: string): string =>
      new RegExp(`^\`\`\`sh ${name}\\n([^]*?)\`\`\``, 'm').exec(documents)?.[1] ?? 'false';
    await machine.sh(`mkdir /backup\n${commands('backup')}`);
    await machine.sh('systemctl stop mcr-web mcr && rm -rf /srv/mcr');
    await machine.ok(old, '--node', '/opt/node-26');
    // A night may have passed since, and the new host has backed up what it had.
    await machine.sh('touch /srv/mcr/snapshots/mcr-2999-01-01T02-00-00-000Z.db');
    await machine.sh(commands('restore'));
    await machine.sh('rm /srv/mcr/snapshots/mcr-2999-*');
    await pull('first');
  });

  test('rejects an upgrade that the configuration does not suit, while the version before goes on', async () => {
    await machine.sh('echo MCR_LOG_LEVEL=loud >/etc/default/mcr');
    const rejected = await machine.run(recent);
    await machine.sh('rm /etc/default/mcr');
    expect(rejected).toMatchObject({ code: 1, stderr: expect.stringMatching(/log\.level[^]*nothing was changed/) });
    expect([await version(), await served()]).toEqual(['0.9.0 (d563548)', '0.9.0 (d563548)']);
  });

  test('upgrades with a copy of the database first, and everything is still there', async () => {
    // Systemd takes this for a value, and so must the script.
    await machine.sh(`echo "NOTE=it's \\$(touch /srv/mcr/ran)" >/etc/default/mcr`);
    const said = await machine.ok(recent);
    await machine.sh('rm /etc/default/mcr; test ! -e /srv/mcr/ran');
    expect(said).toMatch(
      /snapshot .*before-1\.0\.0[^]*stop mcr-web\n[^]*stop mcr\n[^]*current\n[^]*start mcr\n[^]*start mcr-web\n/,
    );
    expect([await version(), await served()]).toEqual(['1.0.0 (d563548)', '1.0.0 (d563548)']);
    await machine.sh('ls /srv/mcr/snapshots/before-1.0.0-*.db');
    await pull('first');
    await push('second');
    expect(await machine.ok(recent)).toMatch(/^There is nothing to do/);
  });

  test('goes back, and keeps what was pushed since', async () => {
    const before = await everything();
    expect(await machine.ok(installed, 'rollback', '--dry-run')).toMatch(/^would run: .*stop mcr$/m);
    expect(await everything()).toEqual(before);
    await machine.ok(installed, 'rollback');
    expect([await version(), await served()]).toEqual(['0.9.0 (d563548)', '0.9.0 (d563548)']);
    for (const name of ['first', 'second']) await pull(name);
  });

  test('goes back once: the newer version is none to go back to', async () => {
    for (const option of ['--no-snapshot', '--restore-database']) {
      const rejected = await machine.run(installed, 'rollback', option);
      expect(rejected).toMatchObject({ code: 1, stderr: expect.stringContaining('no version to go back to') });
    }
    expect([await version(), await served()]).toEqual(['0.9.0 (d563548)', '0.9.0 (d563548)']);
  });

  test('upgrades without a copy when told so, and then has none to put back', async () => {
    expect(await machine.ok(recent, '--no-snapshot')).not.toContain('snapshot --config');
    const rejected = await machine.run(installed, 'rollback', '--restore-database');
    expect(rejected).toMatchObject({ code: 1, stderr: expect.stringContaining('no copy of the database') });
    expect([await version(), await served()]).toEqual(['1.0.0 (d563548)', '1.0.0 (d563548)']);
    expect(await machine.ok(installed, 'rollback', '--no-snapshot')).not.toContain('snapshot --config');
    expect([await version(), await served()]).toEqual(['0.9.0 (d563548)', '0.9.0 (d563548)']);
  });

  test('goes on where an upgrade was cut short', async () => {
    await machine.sh(`mkdir /root/cut && cat >/root/cut/systemctl <<'EOF'
#!/bin/sh
if [ "$1" = start ]; then kill -TERM $PPID; exit 1; fi
exec /usr/bin/systemctl "$@"
EOF
      chmod 755 /root/cut/systemctl`);
    const cut = await machine.run('env', 'PATH=/root/cut:/usr/sbin:/usr/bin', recent);
    expect(cut).toMatchObject({ code: 143, stderr: expect.stringContaining('Still stopped: mcr mcr-web') });
    expect((await machine.run('systemctl', 'is-active', 'mcr', 'mcr-web')).stdout).toBe('inactive\ninactive\n');
    expect(await machine.ok(recent)).toMatch(/start mcr\n[^]*start mcr-web\n/);
    await machine.ok('systemctl', 'is-active', 'mcr', 'mcr-web');
    expect([await version(), await served()]).toEqual(['1.0.0 (d563548)', '1.0.0 (d563548)']);
    expect(await machine.ok(recent)).toMatch(/^There is nothing to do/);
  });

  test('after a migration goes back only with the copy from before, and says so', async () => {
    // As TOML has it, too; and a copy of another upgrade.
    await machine.sh(`sed -i "s/^path = \\"mcr.db\\"/path = 'mcr.db'/" /srv/mcr/mcr.toml && grep -q "^path = 'mcr" /srv/mcr/mcr.toml
      touch "/srv/mcr/snapshots/before-$(basename "$(readlink /usr/local/lib/mcr/current)")-29990101T000000Z.db"`);
    await push('third');
    const migrate =
      "new (require('node:sqlite').DatabaseSync)('/srv/mcr/mcr.db').exec(\"INSERT INTO schema_migrations VALUES (999, 'later', 0)\")";
    await machine.ok('/opt/node-26', '-e', migrate);
    const rejected = await machine.run(installed, 'rollback');
    expect(rejected).toMatchObject({ code: 1, stderr: expect.stringContaining('--restore-database') });
    expect(await served()).toBe('1.0.0 (d563548)');

    await machine.ok(installed, 'rollback', '--restore-database');
    expect([await version(), await served()]).toEqual(['0.9.0 (d563548)', '0.9.0 (d563548)']);
    for (const name of ['first', 'second']) await pull(name);
    await expect(pull('third')).rejects.toThrow(/manifest unknown|name unknown|not known/i);
    expect(await machine.sh("stat -c '%a %U' /srv/mcr/mcr.db /srv/mcr/mcr.db.before-restore-*Z")).toBe(
      '600 mcr\n600 mcr\n',
    );
  });

  test('says how to go back when a new version does not start, and does', async () => {
    const launcher = '#!/bin/sh\\n[ "$1" = check ] && exec "$0.good" "$@"\\nexit 1\\n';
    await machine.sh(`cp -r /releases/mcr-1.0.0-linux-x64 /root/broken && cd /root/broken && echo 1.0.1 >VERSION
      mv mcrsrv/mcrsrv mcrsrv/mcrsrv.good && printf '${launcher}' >mcrsrv/mcrsrv && chmod 755 mcrsrv/mcrsrv
      find . -type f ! -name SHA256SUMS -exec sha256sum {} + >SHA256SUMS`);
    // Again when it is repeated: there is something to do as long as something does not run.
    for (const _ of ['first', 'second']) {
      expect(await machine.run('/root/broken/install.sh')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/mcr does not start: .*install\.sh rollback goes back\n.*Still stopped: mcr/),
      });
    }
    // By then systemd has given up, and would not start any version.
    await machine.sh('for n in 1 2 3 4 5 6 7 8 9 10 11; do systemctl start mcr || true; done');
    expect(await machine.ok('journalctl', '--unit=mcr', '--no-pager', '--lines=9')).toContain('repeated too quickly');
    await machine.ok(installed, 'rollback', '--restore-database');
    expect([await version(), await served()]).toEqual(['0.9.0 (d563548)', '0.9.0 (d563548)']);
    await pull('first');
    await machine.ok('systemctl', 'is-active', 'mcr-web');
  });

  test('reports a configuration that does not work at once', async () => {
    await machine.sh('echo MCR_LOG_LEVEL=loud >/etc/default/mcr; systemctl reset-failed mcr');
    const rejected = await machine.run('systemctl', 'restart', 'mcr');
    expect(rejected.code).toBe(1);
    expect(await machine.ok('journalctl', '--unit=mcr', '--no-pager', '--lines=30')).toContain('log.level');
    await machine.sh('rm /etc/default/mcr; systemctl reset-failed mcr; systemctl start mcr');
    await pull('first');
  });

  test('uninstalls the programs and the units, and keeps the data', async () => {
    const before = await everything();
    expect(await machine.ok(installed, 'uninstall', '--dry-run')).toMatch(
      /^would run: rm -rf \/usr\/local\/lib\/mcr$/m,
    );
    expect(await everything()).toEqual(before);
    await machine.ok(installed, 'uninstall');
    const left = (await machine.changes('/etc', '/usr/local')).filter((line) => /^\S*\/mcr[^/ ]* [^c]/.test(line));
    expect(left).toEqual([]);
    expect((await machine.run('systemctl', 'is-active', 'mcr', 'mcr-web')).stdout).toBe('inactive\ninactive\n');
    await machine.sh('test -s /srv/mcr/mcr.db; getent passwd mcr');

    await machine.ok(recent, '--node', '/opt/node-26', '--start');
    for (const name of ['first', 'second']) await pull(name);
  });

  test('installs below another prefix, and its script finds that again', async () => {
    await machine.ok(installed, 'uninstall');
    const there = '/opt/registry/lib/mcr/current';
    await machine.ok(recent, '--prefix', '/opt/registry', '--node', '/opt/node-26', '--start');
    expect(await machine.ok('systemctl', 'show', '--property=ExecStart', 'mcr')).toContain(
      'path=/opt/registry/bin/mcrsrv',
    );
    await machine.sh(`test ! -e /usr/local/lib/mcr; test ! -e /usr/local/bin/mcrsrv; test -x ${there}/mcrsrv/mcrsrv`);
    expect(await machine.ok(`${there}/install.sh`)).toMatch(/^There is nothing to do/);
    await machine.ok(old, '--prefix', '/opt/registry');
    expect(await served()).toBe('0.9.0 (d563548)');
    await machine.ok(`${there}/install.sh`, 'rollback');
    expect(await served()).toBe('1.0.0 (d563548)');
    await pull('first');
    await machine.ok(`${there}/install.sh`, 'uninstall');
    await machine.sh('test ! -e /opt/registry/lib/mcr; test ! -e /opt/registry/bin/mcrsrv; test -s /srv/mcr/mcr.db');
  });
});
