import type { Readable } from 'node:stream';

/** A line that is longer is passed on in parts, so that a worker cannot fill the memory of the primary. */
const longestLine = 1 << 20;

/** Passes on what a stream brings, in whole lines; the rest of a process that was killed gets an end. */
export function forwardLines(stream: Readable, write: (lines: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('error', () => {});
  stream.on('data', (chunk: string) => {
    const end = chunk.lastIndexOf('\n') + 1;
    if (end === 0) rest += chunk;
    else {
      write(rest + chunk.slice(0, end));
      rest = chunk.slice(end);
    }
    if (rest.length < longestLine) return;
    write(`${rest}\n`);
    rest = '';
  });
  stream.once('close', () => {
    if (rest !== '') write(`${rest}\n`);
  });
}
