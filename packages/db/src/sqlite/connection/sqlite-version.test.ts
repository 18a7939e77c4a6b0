import { expect, test } from 'vitest';
import { assertSqliteVersion } from './sqlite-version.ts';

test.each(['3.51.3', '3.51.10', '3.54.1', '4.0.0'])('SQLite %s is new enough', (version) => {
  expect(() => assertSqliteVersion(version)).not.toThrow();
});

test.each(['3.51.2', '3.46.1', '3.9.0', '2.99.99'])('SQLite %s is rejected', (version) => {
  expect(() => assertSqliteVersion(version)).toThrow(`SQLite ${version} is too old; 3.51.3 or newer is needed`);
});
