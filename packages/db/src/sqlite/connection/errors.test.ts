import { RegistryError } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DatabaseError } from '../../database-error.ts';
import { isStillReferenced, translateError } from './errors.ts';

const driverWords = 'near "passwrod": syntax error';

test.each([
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
  'SQLITE_IOERR_FSYNC',
  'SQLITE_READONLY_DBMOVED',
  'SQLITE_CANTOPEN',
  'SQLITE_CORRUPT_INDEX',
  'SQLITE_NOTADB',
])('%s is UNAVAILABLE', (code) => {
  const cause = new Sqlite.SqliteError(driverWords, code);
  expect(translateError(cause)).toMatchObject({ code: 'UNAVAILABLE', cause });
});

test('SQLITE_FULL is NO_SPACE', () => {
  const cause = new Sqlite.SqliteError(driverWords, 'SQLITE_FULL');
  expect(translateError(cause)).toMatchObject({ code: 'NO_SPACE', cause });
});

test.each([
  new Sqlite.SqliteError(driverWords, 'SQLITE_MISUSE'),
  new Sqlite.SqliteError(driverWords, 'SQLITE_CONSTRAINT_UNIQUE'),
  new TypeError(driverWords),
  driverWords,
])('anything else is a DatabaseError that keeps %s for the log alone', (cause) => {
  const error = translateError(cause);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(error.cause).toBe(cause);
  expect(error.message).not.toContain(driverWords);
});

test('errors of the registry pass as they are', () => {
  const rejection = new RegistryError('NAME_UNKNOWN', 'The repository does not exist');
  expect(translateError(rejection)).toBe(rejection);
});

test('only foreign keys say that a row is still referenced', () => {
  const references = ['SQLITE_CONSTRAINT_FOREIGNKEY', 'SQLITE_CONSTRAINT_TRIGGER'];
  for (const code of references) expect(isStillReferenced(new Sqlite.SqliteError('', code))).toBe(true);
  expect(isStillReferenced(new Sqlite.SqliteError('', 'SQLITE_CONSTRAINT_UNIQUE'))).toBe(false);
  expect(isStillReferenced(new Error('SQLITE_CONSTRAINT_TRIGGER'))).toBe(false);
});
