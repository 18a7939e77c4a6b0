import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackgroundProcess, type ProcessResult, run, runOk, startProcess } from '@mcr/testkit';

/** A Debian that was booted for one test: a copy of this machine's files, its own systemd, users and loopback. */
export interface Machine extends AsyncDisposable {
  /** Runs a command as root in the machine, and says how it ended. */
  run(command: string, ...args: readonly string[]): Promise<ProcessResult>;
  /** Runs a command that must succeed, and returns what it printed. */
  ok(command: string, ...args: readonly string[]): Promise<string>;
  /** The same for a line of shell. */
  sh(line: string): Promise<string>;
  /**
   * What is otherwise below these folders of the machine than it was here: a line per file, with its path, type, mode,
   * owner, size, time and target. Seen from outside, since what changes on this machine meanwhile shows in that one.
   */
  changes(...folders: readonly string[]): Promise<string[]>;
}

/** What the machine sees of this one, read-only: paths there by paths here. */
export type Binds = Readonly<Record<string, string>>;

const bootTimeoutMs = 60_000;
const environment = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LANG=C.UTF-8'];

/**
 * Boots a machine; `directory` is for what it changes. It is a systemd-nspawn container over an overlay of `/`, mounted
 * where only it can see it, so that nothing is left when it ends. None of this machine's services run in it.
 */
export async function bootMachine(directory: string, binds: Binds = {}): Promise<Machine> {
  const at = (name: string): string => join(directory, name);
  for (const name of ['root', 'upper', 'work']) await mkdir(at(name));
  const overlay = `lowerdir=/,upperdir=${at('upper')},workdir=${at('work')}`;
  const prepare = `mount -t overlay overlay -o "${overlay}" "${at('root')}"
rm -rf "${at('root')}"/etc/systemd/system/*.wants
exec "$@"`;
  const nspawn = ['systemd-nspawn', '--quiet', `--directory=${at('root')}`, '--machine=mcr-test'];
  const isolation = ['--register=no', '--keep-unit', '--private-network', '--link-journal=no'];
  const shared = Object.entries(binds).map(([there, here]) => `--bind-ro=${here}:${there}`);
  const boot = ['--boot', 'systemd.unit=basic.target'];
  const unshare = ['--mount', '--propagation', 'private', 'sh', '-ec', prepare, 'sh'];
  const container = await startProcess('unshare', [...unshare, ...nspawn, ...isolation, ...shared, ...boot]);
  try {
    const leader = await findLeader(container);
    const inside = ['--target', leader, '--all', 'env', '--ignore-environment', ...environment];
    const enter = (...command: readonly string[]): string[] => [...inside, ...command];
    await booted(enter);
    return {
      run: (...command) => run('nsenter', enter(...command)),
      ok: (...command) => runOk('nsenter', enter(...command)),
      sh: (line) => runOk('nsenter', enter('sh', '-ec', line)),
      async changes(...folders) {
        const format = '%p %y %m %U:%G %s %T@ %l\\n';
        const paths = folders.map((folder) => `.${folder}`).filter((path) => existsSync(join(at('upper'), path)));
        if (paths.length === 0) return [];
        const listing = await runOk('find', [...paths, '-printf', format], { cwd: at('upper') });
        return listing
          .trimEnd()
          .split('\n')
          .map((line) => line.slice(1))
          .toSorted();
      },
      async [Symbol.asyncDispose]() {
        await run('nsenter', enter('systemctl', 'poweroff'));
        await container.stop();
      },
    };
  } catch (error) {
    await container.stop();
    throw new Error(`The machine does not boot:\n${container.output()}`, { cause: error });
  }
}

/**
 * Waits until nothing of the boot is left to do: part of it is emptying /tmp. `systemctl is-system-running --wait` would
 * not do, since it ends at once when systemd cannot be talked to yet.
 */
async function booted(enter: (...command: readonly string[]) => string[]): Promise<void> {
  // A machine without its usual devices may well be `degraded`.
  const ends = ['running', 'degraded'];
  let state = '';
  for (const end = Date.now() + bootTimeoutMs; Date.now() < end; await sleep(50)) {
    state = (await run('nsenter', enter('systemctl', 'is-system-running'))).stdout.trim();
    if (ends.includes(state)) return;
  }
  throw new Error(`Its systemd is still '${state}'`);
}

/** The machine's first process, seen from here. */
async function findLeader(container: BackgroundProcess): Promise<string> {
  const ended = container.exited.then(() => 'ended');
  for (const end = Date.now() + bootTimeoutMs; Date.now() < end; ) {
    for (const child of await childrenOf(container.pid)) {
      const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => '');
      if (/^NSpid:.*\t1$/m.test(status)) return child;
    }
    if ((await Promise.race([ended, sleep(50)])) === 'ended') break;
  }
  throw new Error('It has no first process');
}

async function childrenOf(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''));
  return (await Promise.all(lists)).flatMap((list) => list.split(' ').filter(Boolean));
}
