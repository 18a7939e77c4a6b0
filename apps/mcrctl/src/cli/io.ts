import type { Clock } from '@mcr/core';

/** An output stream. */
export interface Output {
  write(text: string | Uint8Array): void;
  /** Whether it is a terminal; otherwise a program reads it. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters (default: 80). */
  readonly columns: number;
}

/** An input stream. */
export interface Input {
  /** Whether it is a terminal; otherwise it is a pipe or a file. */
  readonly isTerminal: boolean;
  /** Reads a pipe to its end; rejects if the user cancels first. */
  readAll(): Promise<string>;
  /** Prompts on stderr for one line, without echo if `hidden`. `undefined` if the user cancels. */
  ask(question: string, hidden: boolean): Promise<string | undefined>;
}

/** The parts of the process that commands may use. */
export interface Io {
  readonly stdin: Input;
  /** Data. */
  readonly stdout: Output;
  /** Messages: errors, hints, progress. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
}
