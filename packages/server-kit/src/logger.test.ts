import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

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
