import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemClock } from '@mcr/core';
import { exitCodes } from './exit-codes.ts';
import type { Input, Io, Output } from './io.ts';
import { untilAborted } from './until-aborted.ts';

const defaultColumns = 80;

/** Node's streams, of which only some are terminals. */
type Stream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly writableLength: number;
};

/** How to handle a stream that cannot be written to. */
type Failed = (error: NodeJS.ErrnoException) => void;

/** The IO of the real process. */
export function processIo(signal: AbortSignal): Io {
  return {
    stdin: input(signal),
    stdout: output(process.stdout, dataIsLost),
    stderr: output(process.stderr, ignoreLoss),
    env: process.env,
    clock: systemClock,
    signal,
  };
}

/** Exits the process once everything is written. */
export async function exitProcess(code: number): Promise<never> {
  // Errors of a file are reported in the next turn of the event loop.
  await nextTurn();
  await Promise.all([flush(process.stdout, dataIsLost), flush(process.stderr, ignoreLoss)]);
  return leave(code);
}

function input(signal: AbortSignal): Input {
  return {
    get isTerminal() {
      return process.stdin.isTTY;
    },
    async readAll() {
      const { text } = await import('node:stream/consumers');
      return await untilAborted(text(process.stdin), signal);
    },
    async ask(question, hidden) {
      const { askTerminal } = await import('../input/terminal.ts');
      return askTerminal(question, hidden, signal);
    },
  };
}

function output(stream: Stream, failed: Failed): Output {
  stream.on('error', failed);
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    // A terminal that does not know its width says 0.
    columns: stream.columns || defaultColumns,
  };
}

/** A slow reader of a pipe must still receive the rest. */
async function flush(stream: Stream, failed: Failed): Promise<void> {
  if (stream.writableLength === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.write('', (error) => {
    if (error) failed(error);
    resolve();
  });
  await promise;
}

/** `mcrctl … | head` closes the pipe early, which is not an error. */
function dataIsLost(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') leave(exitCodes.ok);
  process.stderr.write(`error: cannot write to stdout: ${error.message}\n`);
  return leave(exitCodes.failed);
}

/** Losing messages does not affect the command. */
function ignoreLoss(): void {}

/** Replaces the process without waiting for its threads. */
const shell = '/bin/sh';
/** What can block a thread: a DNS server that does not respond, a pipe instead of a file. */
const blocking: ReadonlySet<string> = new Set(['GetAddrInfoReqWrap', 'FSReqCallback']);

/** Ends the process at once. `process.exit` alone waits for the threads that are at work, which may be many seconds. */
export function leave(code: number): never {
  const isBusy = process.getActiveResourcesInfo().some((name) => blocking.has(name));
  if (isBusy && process.execve !== undefined && existsSync(shell)) {
    process.execve(shell, ['sh', '-c', `exit ${code}`], {});
  }
  return process.exit(code);
}
