import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

const PARENT_CHECK_MS = 1_000;

/** A program to keep running: a script of Node, unless it says otherwise. */
export type Program = { name: string; command?: string; args: string[]; env: NodeJS.ProcessEnv };

type Exit = { name: string; code: number; asked: boolean };

/**
 * Runs programs side by side until all have ended, and returns the exit code for this script: 0 after a signal that
 * all of them obeyed, else that of the first that failed. SIGINT, SIGTERM and SIGHUP reach each program once, as
 * SIGTERM (a terminal sends its own SIGINT beside); when one program ends by itself, the others are stopped, too.
 */
export async function supervise(programs: readonly Program[]): Promise<number> {
  let stopping = false;
  const children = programs.map(startProgram);
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    for (const child of children) child.kill('SIGTERM');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  stopWithParent(stop);

  const exits: Exit[] = [];
  const watch = async (child: ChildProcess, index: number): Promise<void> => {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    exits.push(describeExit(programs[index]?.name ?? '', code, signal, stopping));
    stop();
  };
  await Promise.all(children.map(watch));

  const failed = exits.find((exit) => exit.code !== 0 || !exit.asked);
  if (failed === undefined) return 0;
  console.error(`${failed.name} ended with exit code ${failed.code}`);
  return failed.code || 1;
}

function startProgram({ command = process.execPath, args, env }: Program): ChildProcess {
  return spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** npm forwards signals, but not when it is killed itself: then the programs would keep running. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), PARENT_CHECK_MS).unref();
}

function describeExit(name: string, code: number | null, signal: NodeJS.Signals | null, asked: boolean): Exit {
  if (signal === 'SIGINT' || (asked && signal === 'SIGTERM')) return { name, code: 0, asked: true };
  return { name, code: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], asked };
}
