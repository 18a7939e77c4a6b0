import { type Logger, pino } from 'pino';

/** Where log lines go. */
export interface LogDestination {
  write(line: string): void;
}

/** What every line of a logger has. */
export type LogBase = Readonly<Record<string, string | number>> | null;

/** Creates a logger that writes one JSON object per line (default: to stdout, with nothing that every line has). */
export function createLogger(level: string, destination = standardOutput(), base: LogBase = null): Logger {
  return pino(
    {
      level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    destination,
  );
}

/**
 * Buffers the lines of one turn of the event loop for one write: under load, a system call per line is a tenth of the
 * cost of a small request. Lines wait no longer than that turn, and what is left is written when the process exits.
 */
export function standardOutput(): LogDestination {
  const output = pino.destination({ dest: 1, sync: true });
  let lines = '';
  const flush = (): void => {
    if (lines === '') return;
    output.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}
