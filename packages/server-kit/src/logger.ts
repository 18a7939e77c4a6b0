import { type Logger, pino } from 'pino';

/** Where log lines go. */
export interface LogDestination {
  write(line: string): void;
}

/** A logger that writes one JSON object a line, to standard output unless told otherwise. */
export function createLogger(level: string, destination = standardOutput()): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    destination,
  );
}

/**
 * Collects the lines of one turn of the event loop for one write: under load a system call for each line is a tenth of
 * what a small request costs. Nothing waits longer than the turn, and the end of the process writes what is left.
 */
function standardOutput(): LogDestination {
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
