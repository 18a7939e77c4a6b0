import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../load-config.ts';
import { problemsOf } from '../testing/problems-of.ts';
import { tempConfig } from '../testing/temp-config.ts';

const url = 'postgresql://mcr:secret@db.example.com/mcr';
const key = 'auth.signing_key_file: is required with PostgreSQL';

describe('a database in PostgreSQL', () => {
  test('is read from a file as well', () => {
    using files = tempConfig();
    const urlFile = join(files.directory, 'database.url');
    writeFileSync(urlFile, `${url}\n`, { mode: 0o600 });
    const env = { MCR_DATABASE_PATH: '', MCR_DATABASE_URL_FILE: urlFile, MCR_AUTH_SIGNING_KEY_FILE: urlFile };
    const { database } = loadConfig({ path: files.path, text: files.text, env });
    expect(database).toEqual({ url, urlFile, pool: 8, statementTimeout: 5_000 });
  });

  test.each([
    ['needs the key that signs tokens', { MCR_DATABASE_PATH: '', MCR_DATABASE_URL: url }, key],
    [
      'is no second one',
      { MCR_DATABASE_URL: url },
      'database.url: is set beside database.path, but there is one database',
    ],
    [
      'needs a file that can be read',
      { MCR_DATABASE_PATH: '', MCR_DATABASE_URL_FILE: '/nowhere' },
      'database.url_file: cannot be read',
    ],
  ])('%s', (_, env, message) => {
    using files = tempConfig();
    const problems = problemsOf(() => loadConfig({ path: files.path, text: files.text, env }));
    expect(problems.some((problem) => problem.startsWith(message))).toBe(true);
    expect(problems.join()).not.toContain('secret');
  });

  test('whose file holds no URL is rejected, without what it holds', () => {
    using files = tempConfig();
    const urlFile = join(files.directory, 'database.url');
    writeFileSync(urlFile, 'secret', { mode: 0o600 });
    const env = { MCR_DATABASE_PATH: '', MCR_DATABASE_URL_FILE: urlFile, MCR_AUTH_SIGNING_KEY_FILE: urlFile };
    const problems = problemsOf(() => loadConfig({ path: files.path, text: files.text, env }));
    expect(problems).toEqual([expect.stringMatching(/^database.url_file: is not a URL of PostgreSQL/)]);
    expect(problems.join()).not.toContain('secret');
  });
});
