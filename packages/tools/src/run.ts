import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { delimiter } from 'node:path';
import { bin, root } from './paths.ts';

/** Time between SIGTERM and SIGKILL for a tool, in milliseconds. */
const KILL_AFTER_MS = 10_000;

/** What a finished command left: its exit code (128 + n after signal n) and, when captured, all that it printed. */
export type Finished = { code: number; output: string; stdout: string };

/** The environment of every tool: the workspace's own commands first, no telemetry. */
export function toolEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const path = [bin, process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...extra };
}

/**
 * Runs one command, by default at the repository's root, to its end. It gets its own process group: a signal that ends this script
 * ends all that the command started, and then this script.
 */
export async function run(
  command: string,
  args: string[],
  how: { capture: boolean; env?: NodeJS.ProcessEnv; cwd?: string },
): Promise<Finished> {
  const stdio: SpawnOptions['stdio'] = how.capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'];
  const child = spawn(command, args, { cwd: how.cwd ?? root, env: toolEnv(how.env), stdio, detached: true });
  let output = '';
  let stdout = '';
  const collect = (chunk: string): void => {
    output += chunk;
  };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    collect(chunk);
  });
  child.stderr?.setEncoding('utf8').on('data', collect);
  const release = endGroupOnSignal(child);
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], output, stdout };
  } catch (error) {
    return { code: 127, output: `Cannot run ${command}: ${(error as Error).message}\n`, stdout: '' };
  } finally {
    release();
  }
}

function endGroupOnSignal(child: ChildProcess): () => void {
  let received: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received !== undefined) return;
    received = signal;
    signalGroup(child, 'SIGTERM');
    setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS).unref();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    if (received !== undefined) process.exit(128 + constants.signals[received]);
    for (const signal of signals) process.off(signal, onSignal);
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group ended by itself in the meantime.
  }
}
