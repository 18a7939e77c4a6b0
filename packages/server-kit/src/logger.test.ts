import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLogger, infoLines, standardOutput } from './logger.ts';

test('a line is one JSON object with the name of its level, the time, and the causes of an error', () => {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line) => void lines.push(line) });
  log.debug('not this one');
  log.warn({ err: new Error('outer', { cause: new Error('inner') }) }, 'failure');
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0]!);
  expect(Object.keys(line)).toEqual(['level', 'time', 'err', 'msg']);
  expect(line).toMatchObject({ level: 'warn', msg: 'failure', err: { cause: { message: 'inner' } } });
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test('the lines of one turn are one write, of at most 4,096 bytes so that a pipe keeps it whole, unless one line is longer', async () => {
  const writes: string[] = [];
  const output = standardOutput({ write: (lines) => void writes.push(lines) });
  const line = `${'ö'.repeat(500)}\n`;
  for (let n = 0; n < 5; n += 1) output.write(line);
  output.write(`${'x'.repeat(9_000)}\n`);
  output.write('last\n');
  expect(writes.map((lines) => Buffer.byteLength(lines))).toEqual([4_004, 1_001, 9_001]);
  await nextTurn();
  expect(writes.at(-1)).toBe('last\n');
});

test.each([[null], [{ worker: 2 }], [{ place: 'a "b"', worker: 1 }]])(
  'members that are JSON already make the line that their object makes, with %j in each',
  (base) => {
    const lines: string[] = [];
    const log = createLogger('info', { write: (line) => void lines.push(line) }, base);
    const object = { text: 'ä "\n\u2028\ud800', number: 1.5, flag: true };
    log.info(object, 'request "x"');
    infoLines(log, 'request "x"')(JSON.stringify(object).slice(1, -1));
    const [expected, line] = lines.map((each) => each.replace(/"time":"[^"]{24}"/, '"time":""'));
    expect(line).toBe(expected);
  },
);

test('members that are JSON already are written at the level info, whatever it is set to meanwhile', () => {
  const lines: string[] = [];
  const log = createLogger('warn', { write: (line) => void lines.push(line) });
  const write = infoLines(log, 'request');
  write('"n":1');
  log.level = 'info';
  write('"n":2');
  expect(lines.map((line) => JSON.parse(line).n)).toEqual([2]);
});

test('a child of a logger adds what it has to members that are JSON already', () => {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line) => void lines.push(line) }).child({ part: 'x' });
  infoLines(log, 'request')('"n":1');
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', part: 'x', n: 1, msg: 'request' });
});
