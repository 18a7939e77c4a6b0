import type { MigrationInput } from '../services/migrate/migrate.ts';
import { say } from './output.ts';

/** How often progress is shown, in milliseconds: on a terminal as fast as one can read, else as a log has it. */
const terminalMs = 200;
const logMs = 30_000;
const clearLine = '\r\u001B[K';
const mebibyte = 2 ** 20;

/** Says how far a migration is, on standard error. */
export interface MigrationReport extends Pick<MigrationInput, 'onStep' | 'onBlobs' | 'onFinding'> {
  /** Ends the line of progress. */
  end(): void;
}

export function createMigrationReport(): MigrationReport {
  const isTerminal = process.stderr.isTTY;
  const interval = isTerminal ? terminalMs : logMs;
  let begunAt = performance.now();
  let shownAt = begunAt;
  const end = (): void => {
    if (isTerminal) process.stderr.write(clearLine);
  };
  return {
    end,
    onStep(step) {
      end();
      say(step);
      begunAt = performance.now();
      shownAt = begunAt;
    },
    onBlobs({ blobs, bytes, totalBlobs, totalBytes, copiedBytes }) {
      const now = performance.now();
      if (now - shownAt < interval) return;
      shownAt = now;
      const rate = copiedBytes / ((now - begunAt) / 1_000);
      const left = rate === 0 ? '' : `, ${inWords((totalBytes - bytes) / rate)} left`;
      const line = `${blobs} of ${totalBlobs} blobs, ${mib(bytes)} of ${mib(totalBytes)} MiB, ${mib(rate)} MiB/s${left}`;
      if (isTerminal) process.stderr.write(`${clearLine}${line}`);
      else say(line);
    },
    onFinding({ kind, detail, digest, repository }) {
      end();
      say(`${kind}  ${[repository, digest].filter((part) => part !== undefined).join(' ')}: ${detail}`);
    },
  };
}

function mib(bytes: number): string {
  return (bytes / mebibyte).toFixed(0);
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(Math.max(seconds, 0))} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
