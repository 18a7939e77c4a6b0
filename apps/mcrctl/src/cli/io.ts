import { type Clock, systemClock } from '@mcr/core';

/** Somewhere to write to. */
export interface Output {
  write(text: string | Uint8Array): void;
  /** A person reads along; otherwise a program does. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters; 80 where there is none. */
  readonly columns: number;
}

/** Somewhere to read from. */
export interface Input {
  /** A person types; otherwise it is a pipe or a file. */
  readonly isTerminal: boolean;
  /** Everything up to the end of a pipe. */
  readAll(): Promise<string>;
  /** Asks on stderr for one line; `hidden` shows nothing of it. `undefined` when the person gives up. */
  ask(question: string, hidden: boolean): Promise<string | undefined>;
}

/** Everything of the process that a command may touch. */
export interface Io {
  readonly stdin: Input;
  /** Data. */
  readonly stdout: Output;
  /** Talk: errors, hints, progress. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted when the person gives up. */
  readonly signal: AbortSignal;
}

const defaultColumns = 80;

/** The real process. */
export function processIo(signal: AbortSignal): Io {
  const stdout = output(process.stdout);
  return { stdin, stdout, stderr: output(process.stderr), env: process.env, clock: systemClock, signal };
}

const stdin: Input = {
  get isTerminal() {
    return process.stdin.isTTY;
  },
  async readAll() {
    const { text } = await import('node:stream/consumers');
    return text(process.stdin);
  },
  async ask(question, hidden) {
    const { askTerminal } = await import('../input/terminal.ts');
    return askTerminal(question, hidden);
  },
};

/** What Node's streams have when a terminal is at their end. */
type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

function output(stream: Terminal): Output {
  // `mcrctl … | head` closes the pipe early: nobody reads on, and that is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.columns ?? defaultColumns,
  };
}
