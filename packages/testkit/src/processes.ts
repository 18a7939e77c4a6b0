import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { onAbruptEnd } from './abrupt-end.ts';

/** How to start a process. */
export interface ProcessOptions {
  /** The whole environment; PATH is added when it is missing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  /** Milliseconds, after which the process gets SIGTERM, and is killed with its children if it does not end. */
  readonly timeout?: number;
  /** File that both outputs go to, so that reading them costs nothing here; by default they are kept in memory. */
  readonly outputFile?: string;
}

/** How a process ended and what it printed. */
export interface ProcessResult {
  /** The exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process in the background, in a process group of its own. */
export interface BackgroundProcess extends AsyncDisposable {
  readonly pid: number;
  readonly exited: Promise<ProcessResult>;
  /** What it printed so far on both outputs. */
  output(): string;
  /** Sends a signal to the process and all of its children. */
  kill(signal?: NodeJS.Signals): void;
  /** Sends SIGTERM, kills it if it has not ended after `grace` milliseconds, and waits until it is gone. */
  stop(grace?: number): Promise<ProcessResult>;
}

/** Kept output is for messages and for parsing; a chatty server must not fill the memory of the test. */
const outputLimit = 16 << 20;
/** A command that hangs must not outlive the test that gave up on it. */
const defaultTimeoutMs = 300_000;

/** Enough to undo what was done: a process that is killed leaves its own children and files behind. */
const defaultGraceMs = 10_000;

/** Processes that have not ended, or whose children hold their outputs open. */
const running = new Set<ChildProcess>();

/** Starts a process in the background. Throws when the command cannot be started. */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<BackgroundProcess> {
  const { outputFile } = options;
  const file = outputFile && openSync(outputFile, 'a', 0o600);
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], ...(options.env ?? process.env) },
    detached: true,
    stdio: ['pipe', file || 'pipe', file || 'pipe'],
    ...(options.cwd && { cwd: options.cwd }),
  });
  if (file) closeSync(file);
  const stdout = outputFile ? () => readFileSync(outputFile, 'utf8') : collect(child.stdout);
  const stderr = outputFile ? () => '' : collect(child.stderr);
  const closed = new Promise<Pick<ProcessResult, 'code' | 'signal'>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  await once(child, 'spawn');

  running.add(child);
  const forget = onAbruptEnd(() => signalGroup(child, 'SIGKILL'));
  child.stdin?.on('error', () => {}).end(options.input);
  const timer = options.timeout && setTimeout(() => void stop(), options.timeout);
  const exited = closed.then((ending) => {
    running.delete(child);
    forget();
    clearTimeout(timer || undefined);
    return { ...ending, stdout: stdout(), stderr: stderr() };
  });

  const stop = async (grace = defaultGraceMs): Promise<ProcessResult> => {
    signalGroup(child, 'SIGTERM');
    const pollOptions = new AbortController();
    const late = sleep(grace, 'late', { signal: pollOptions.signal }).catch(() => 'ended');
    if ((await Promise.race([exited, late])) === 'late') signalGroup(child, 'SIGKILL');
    pollOptions.abort();
    return await exited;
  };
  return {
    pid: child.pid ?? 0,
    exited,
    output: () => stdout() + stderr(),
    kill: (signal = 'SIGTERM') => signalGroup(child, signal),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** Runs a process to its end, of five minutes at most by default, and returns how it ended, whatever its exit code. */
export async function run(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const started = await startProcess(command, args, { timeout: defaultTimeoutMs, ...options });
  return await started.exited;
}

/** Runs a process that must succeed, and returns what it printed. Throws with its whole output otherwise. */
export async function runOk(command: string, args: readonly string[], options: ProcessOptions = {}): Promise<string> {
  const result = await run(command, args, options);
  if (result.code === 0) return result.stdout;
  const ending = result.signal ?? `exit code ${result.code}`;
  throw new Error(`${command} ${args.join(' ')} ended with ${ending}\n${result.stdout}${result.stderr}`);
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-outputLimit);
  });
  return () => text;
}

/** Reaches children that outlive the process itself, as long as they hold its outputs open. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || !running.has(child)) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
