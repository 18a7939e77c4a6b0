/** Somewhere to write to. */
export interface Output {
  write(text: string): void;
  /** A person reads along; otherwise a program does. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters; 80 where there is none. */
  readonly columns: number;
}

/** Everything of the process that a command may touch. */
export interface Io {
  /** Data. */
  readonly stdout: Output;
  /** Talk: errors, hints, progress. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the person gives up. */
  readonly signal: AbortSignal;
}

const defaultColumns = 80;

/** The real process. */
export function processIo(signal: AbortSignal): Io {
  return { stdout: output(process.stdout), stderr: output(process.stderr), env: process.env, signal };
}

/** What Node's streams have when a terminal is at their end. */
type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

function output(stream: Terminal): Output {
  // `mcrctl … | head` closes the pipe early, which is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.columns ?? defaultColumns,
  };
}
