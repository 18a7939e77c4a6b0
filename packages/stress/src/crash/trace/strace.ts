import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess, tempDirectory, workersOf } from '@mcr/testkit';
import { parseTrace } from './parse.ts';
import type { SystemCall } from './system-call.ts';

/** The system calls that change files, or send a response. */
export const tracedCalls = [
  'openat',
  'write',
  'writev',
  'pwrite64',
  'pwritev',
  'ftruncate',
  'fsync',
  'fdatasync',
  'utimensat',
  'mkdir',
  'link',
  'rename',
  'unlink',
  'rmdir',
] as const;

/** How long strace may take to take hold of a process, in milliseconds. */
const pollOptions = 10_000;

/** A process that is being traced. */
export interface Tracer {
  /** Resumes the process, unless it has ended, and returns its calls so far. */
  stop(): Promise<readonly SystemCall[]>;
}

/** The two threads on which the server works on files: its own, and with UV_THREADPOOL_SIZE=1 the only one beside it. */
export interface FileThreads {
  readonly main: number;
  readonly worker: number;
}

/** Whether processes can be traced here. Throws under CI=true when they cannot, since nothing would be proved then. */
export function requireStrace(): boolean {
  if (spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0) return true;
  if (process.env['CI'] === 'true') throw new Error('Install strace, and let the tests trace processes');
  return false;
}

/** Traces all threads of a process that runs, and of the processes that it has started, such as workers. */
export async function traceProcess(pid: number): Promise<Tracer> {
  const pids = await familyOf(pid);
  return await attach(['-f', ...pids.flatMap((member) => ['-p', String(member)])]);
}

async function familyOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const families = await Promise.all(children.trim().split(' ').filter(Boolean).map(Number).map(familyOf));
  return [pid, ...families.flat()];
}

/**
 * Kills the process of the first of these threads that makes the `nth` call of one name from now on, before the call takes
 * effect. Each thread counts for itself.
 */
export async function killAt(threads: readonly number[], name: string, nth: number): Promise<Tracer> {
  const each = threads.flatMap((thread) => ['-p', String(thread)]);
  return await attach([...each, '-e', `inject=${name}:signal=KILL:when=${nth}`]);
}

/** Traces what all threads do with the file of a database, and fails the first sync of it, which ends a checkpoint. */
export async function failCheckpoint(pid: number, database: string): Promise<Tracer> {
  return await attach(['-f', '-p', String(pid), '-P', database, '-e', 'inject=fsync:error=EIO:when=1']);
}

/** Finds the threads of a server that has used its files: one pair, or one for each of its workers. */
export async function fileThreads(pid: number): Promise<readonly FileThreads[]> {
  const workers = await workersOf(pid);
  return await Promise.all(workers.length === 0 ? [threadsOf(pid)] : workers.map((worker) => threadsOf(worker.pid)));
}

async function threadsOf(pid: number): Promise<FileThreads> {
  for (const id of await readdir(`/proc/${pid}/task`)) {
    const name = (await readFile(`/proc/${pid}/task/${id}/comm`, 'utf8')).trim();
    if (name.startsWith('libuv')) return { main: pid, worker: Number(id) };
  }
  throw new Error(`Process ${pid} has no thread for files`);
}

async function attach(options: readonly string[]): Promise<Tracer> {
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await tempDirectory('mcr-trace-'));
  const output = `${path}/trace`;
  const filter = `trace=${tracedCalls.join(',')}`;
  const strace = await startProcess('strace', ['-yy', '-s', '0', '-o', output, '-e', filter, ...options]);
  resources.defer(async () => void (await strace.stop()));
  for (const end = Date.now() + pollOptions; !strace.output().includes('attached'); await sleep(2)) {
    if (Date.now() > end) throw new Error(`strace cannot take hold of the process: ${strace.output()}`);
  }
  const owned = resources.move();
  return {
    async stop() {
      await strace.stop();
      const trace = await readFile(output, 'utf8');
      await owned.disposeAsync();
      return parseTrace(trace);
    },
  };
}
