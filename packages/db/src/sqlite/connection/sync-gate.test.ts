import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { SyncGate } from './sync-gate.ts';

const failing = (code: string) => (): never => {
  throw new Sqlite.SqliteError('disk I/O error', code);
};

test.each(['SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_DIR_FSYNC'])('after %s no write begins any more', (code) => {
  const fatal: Error[] = [];
  const gate = new SyncGate((error) => fatal.push(error));
  let begun = 0;
  expect(() => gate.run(failing(code))).toThrow('durable');
  expect(() => gate.run(() => (begun += 1))).toThrow('durable');
  expect(begun).toBe(0);
  expect(fatal).toEqual([expect.objectContaining({ code: 'UNAVAILABLE', cause: expect.objectContaining({ code }) })]);
});

test.each(['SQLITE_IOERR_WRITE', 'SQLITE_FULL', 'SQLITE_BUSY'])('after %s the next write is let through', (code) => {
  const fatal: Error[] = [];
  const gate = new SyncGate((error) => fatal.push(error));
  expect(() => gate.run(failing(code))).toThrow('disk I/O error');
  expect(gate.run(() => 'written')).toBe('written');
  expect(fatal).toEqual([]);
});
