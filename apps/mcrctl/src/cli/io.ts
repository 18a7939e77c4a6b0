import type { Clock } from '@mcr/core';

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
  /** Everything up to the end of a pipe; rejects when the person gives up before that. */
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
