import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackgroundProcess, type ProcessResult, run, startProcess } from '../processes.ts';
import { unmountUnder } from './mounts.ts';
import { deferUndo } from './undo.ts';

/** A containerd that a test started, with root, state and socket in one directory. */
export interface Containerd extends AsyncDisposable {
  readonly socket: string;
}

/** Plugins that a test does not need, or that need more of the machine than it may have. */
const disabledPlugins = [
  'io.containerd.grpc.v1.cri',
  'io.containerd.internal.v1.opt',
  'io.containerd.snapshotter.v1.aufs',
  'io.containerd.snapshotter.v1.btrfs',
  'io.containerd.snapshotter.v1.devmapper',
  'io.containerd.snapshotter.v1.zfs',
];

const startTimeoutMs = 30_000;

/** Starts containerd and waits until it responds. Needs root. Disposing ends it and unmounts what it left mounted. */
export async function startContainerd(directory: string, env: Record<string, string>): Promise<Containerd> {
  const own = join(directory, 'containerd');
  await mkdir(own, { recursive: true });
  const socket = join(own, 'c.sock');
  const config = join(own, 'config.toml');
  await writeFile(
    config,
    [
      'version = 2',
      `root = "${join(own, 'root')}"`,
      `state = "${join(own, 'state')}"`,
      `disabled_plugins = ${JSON.stringify(disabledPlugins)}`,
      `[grpc]\naddress = "${socket}"`,
      `[ttrpc]\naddress = "${socket}.ttrpc"`,
    ].join('\n'),
  );
  await using started = new AsyncDisposableStack();
  deferUndo(started, () => unmountUnder(own));
  const daemon = started.use(await startProcess('containerd', ['--config', config], { env }));
  await untilReady(() => run('ctr', ['--address', socket, 'version'], { env }), daemon);
  const running = started.move();
  return { socket, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Repeats a command until it succeeds. Throws with the daemon's output when the daemon ends or that takes too long. */
export async function untilReady(probe: () => Promise<ProcessResult>, daemon: BackgroundProcess): Promise<void> {
  const ended = daemon.exited.then(() => 'ended');
  for (const end = Date.now() + startTimeoutMs; Date.now() < end; ) {
    if ((await probe()).code === 0) return;
    if ((await Promise.race([ended, sleep(100)])) === 'ended') break;
  }
  throw new Error(`The daemon does not respond:\n${daemon.output()}`);
}
