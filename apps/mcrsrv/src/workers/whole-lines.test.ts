import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { forwardLines } from './whole-lines.ts';

async function forwarded(...chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough();
  const written: string[] = [];
  forwardLines(stream, (lines) => void written.push(lines));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream, { writable: false });
  await new Promise((resolve) => (stream.closed ? resolve(undefined) : stream.once('close', resolve)));
  return written;
}

test('lines that come in parts are passed on whole', async () => {
  expect(await forwarded('{"a":', '1}\n{"b"', ':2}\n')).toEqual(['{"a":1}\n', '{"b":2}\n']);
});

test('a character that is split between two parts stays one', async () => {
  const bytes = Buffer.from('größe\n');
  expect(await forwarded(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(['größe\n']);
});

test('the line that a killed process has not finished gets an end', async () => {
  expect(await forwarded('whole\nhal')).toEqual(['whole\n', 'hal\n']);
});

test('a line without an end is passed on before it fills the memory', async () => {
  const written = await forwarded(...Array.from({ length: 40 }, () => 'x'.repeat(1 << 16)));
  expect(written.length).toBeGreaterThan(1);
  expect(written.every((lines) => lines.length <= (1 << 20) + (1 << 16) + 1 && lines.endsWith('\n'))).toBe(true);
});
