import { readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestOf } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { describe, expect, test } from 'vitest';
import { app, latest, push } from '../testing/fixtures.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { openConnection } from './connection/open-connection.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { readPolicyRules } from './read-policy-rules.ts';
import * as schema from './schema/index.ts';
import { SqliteMetadataStore } from './sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();
const path = () => directory.file('mcr.db');
const files = async () => (await readdir(dirname(path()))).toSorted();
const newest = migrations.length;
const addition = { id: newest + 1, name: 'addition', sql: 'CREATE TABLE addition (id INTEGER) STRICT' };

async function openWith(steps = migrations): Promise<Sqlite.Database> {
  const connection = openConnection({ path: path() });
  await migrate(connection, steps);
  return connection.sqlite;
}

describe('migrations', () => {
  test('are numbered from 1 without a gap', () => {
    expect(migrations.map(({ id }) => id)).toEqual(migrations.map((_, index) => index + 1));
  });

  test('make the tables that the queries are written for, all of them STRICT', async () => {
    const sqlite = await openWith();
    for (const table of Object.values(schema) as SQLiteTable[]) {
      const { name, columns } = getTableConfig(table);
      const found = sqlite.prepare('SELECT name, type, "notnull", pk FROM pragma_table_info(?)').all(name);
      const wanted = columns.map((column) => [column.name, column.getSQLType().toUpperCase()]);
      expect(found.map((column) => Object.values(column as object).slice(0, 2))).toEqual(wanted);
      const nullable = columns.filter((column) => !column.notNull).map((column) => column.name);
      const withoutConstraint = found.filter((column) => {
        const { notnull, pk } = column as { notnull: number; pk: number };
        return notnull === 0 && pk === 0;
      });
      expect(withoutConstraint.map((column) => (column as { name: string }).name)).toEqual(nullable);
      expect(sqlite.prepare('SELECT strict FROM pragma_table_list(?)').pluck().get(name)).toBe(1);
    }
    sqlite.close();
  });

  test('are recorded once and run once', async () => {
    for (const _ of ['first', 'second']) (await openWith()).close();
    const sqlite = new Sqlite(path());
    expect(sqlite.prepare('SELECT id, name FROM schema_migrations ORDER BY id').all()).toEqual(
      migrations.map(({ id, name }) => ({ id, name })),
    );
    sqlite.close();
    expect(await files()).toEqual(['mcr.db']);
  });

  test('two processes that open a new database at once both find it ready', async () => {
    const stores = await Promise.all([1, 2].map(() => SqliteMetadataStore.open({ path: path() })));
    for (const store of stores) await store.ping();
    for (const store of stores) await store.close();
  });

  test('copy a database that holds anything before they touch it', async () => {
    const store = await SqliteMetadataStore.open({ path: path() });
    const digest = await push(store, app, 'manifest', { tags: [latest] });
    await store.close();
    (await openWith([...migrations, addition])).close();

    const name = `mcr.db.before-migration-${String(addition.id).padStart(6, '0')}`;
    const copy = directory.file(name);
    expect(await files()).toEqual(['mcr.db', name]);
    expect((await stat(copy)).mode & 0o777).toBe(0o600);
    const old = await SqliteMetadataStore.open({ path: copy });
    expect(await old.manifests.stat(app, { kind: 'tag', tag: latest })).toMatchObject({ digest });
    await old.close();
  });

  test('keep no copy that a process makes while another one migrates', async () => {
    const old = migrations.slice(0, 6);
    (await openWith(old)).close();
    const [slow, fast] = [openConnection({ path: path() }), openConnection({ path: path() })];
    const migrating = migrate(slow);
    // Before the copy begins, which takes a turn of the event loop.
    fast.write(() => {
      fast.sqlite.function('version_key', String);
      const note = fast.sqlite.prepare('INSERT INTO schema_migrations (id, name, applied_at) VALUES (?, ?, 0)');
      for (const { id, name, sql } of migrations.slice(old.length)) {
        fast.sqlite.exec(sql);
        note.run(id, name);
      }
    });
    await migrating;
    for (const connection of [slow, fast]) await connection.close();
    expect(await files()).toEqual(['mcr.db']);
  });

  test('sort the tags of an older database by version', async () => {
    const sqlite = await openWith(
      migrations.slice(
        0,
        migrations.findIndex(({ name }) => name === 'tag-versions'),
      ),
    );
    sqlite.exec(`INSERT INTO repositories (id, name, created_at) VALUES (1, '${app}', 0);
      INSERT INTO manifests (id, repository_id, digest, media_type, size, created_at, content)
        VALUES (1, 1, 'sha256:ab', 'text/plain', 0, 0, x'');
      INSERT INTO tags (repository_id, name, manifest_id, updated_at) VALUES (1, '1.10', 1, 0), (1, '1.9', 1, 0)`);
    sqlite.close();
    const store = await SqliteMetadataStore.open({ path: path() });
    const tags = await store.tags.listDetails(app, { limit: 9, order: 'version' });
    expect(tags.map(({ name }) => name)).toEqual(['1.9', '1.10']);
    await store.close();
  });

  test('make of each open upload of an older database one piece, which is its file of before', async () => {
    const sqlite = await openWith(
      migrations.slice(
        0,
        migrations.findIndex(({ name }) => name === 'upload-pieces'),
      ),
    );
    sqlite.exec(`INSERT INTO repositories (id, name, created_at) VALUES (1, '${app}', 0);
      INSERT INTO uploads (uuid, repository_id, created_by, byte_offset, version, touched_at)
        VALUES ('one', 1, 'ada', 7, 3, 5), ('empty', 1, 'ada', 0, 0, 5);
      INSERT INTO blob_trash (locator, size, attempts) VALUES ('sha256/ab/cd', 9, 1)`);
    sqlite.close();
    const store = await SqliteMetadataStore.open({ path: path() });
    const piece = { locator: 'uploads/one', size: 7 };
    expect(await store.uploads.get('one')).toMatchObject({ offset: 7, last: { ...piece, position: 0 } });
    expect(await store.uploads.pieces({ id: 'one', version: 3 })).toEqual([piece]);
    expect(await store.uploads.pieces({ id: 'empty', version: 0 })).toEqual([]);
    expect(await store.gc.listTrash({ limit: 9, trashedBefore: 0 })).toMatchObject([{ locator: 'sha256/ab/cd' }]);
    expect(await store.gc.pending()).toMatchObject({ blobs: 1, bytes: 9 });
    await store.close();
  });

  test('leave the manifests of an older database to be filled in, and read none of them', async () => {
    const sqlite = await openWith(migrations.slice(0, 6));
    sqlite.exec(`INSERT INTO repositories (id, name, created_at) VALUES (1, '${app}', 0);
      INSERT INTO manifests (id, repository_id, digest, media_type, subject_digest, size, created_at, content)
        VALUES (7, 1, 'sha256:ab', 'text/plain', 'sha256:cd', 4, 0, CAST('{"a"' AS BLOB))`);
    sqlite.close();
    const store = await SqliteMetadataStore.open({ path: path() });
    const waiting = await store.manifests.listUnsummarized({ limit: 10, maxBytes: 100 });
    const content = Buffer.from('{"a"');
    expect(waiting).toEqual({
      manifests: [{ id: 7, repository: app, digest: 'sha256:ab', mediaType: 'text/plain', content }],
      next: 7,
    });
    expect(await store.manifests.listReferrers(app, 'sha256:cd' as never, { limit: 1 })).toMatchObject([{ content }]);
    await store.close();
  });

  test('know of the tags of an older database neither who pushed nor who pulled them, and note it from then on', async () => {
    const sqlite = await openWith(
      migrations.slice(
        0,
        migrations.findIndex(({ name }) => name === 'last-pulls'),
      ),
    );
    sqlite.exec(`INSERT INTO repositories (id, name, created_at) VALUES (1, '${app}', 0);
      INSERT INTO manifests (id, repository_id, digest, media_type, size, created_at, content)
        VALUES (1, 1, '${digestOf('old')}', 'text/plain', 0, 0, x'');
      INSERT INTO tags (repository_id, name, manifest_id, updated_at) VALUES (1, '${latest}', 1, 5)`);
    sqlite.close();
    const store = await SqliteMetadataStore.open({ path: path() });
    const list = async () => (await store.tags.listDetails(app, { limit: 9 }))[0];
    expect(await list()).toMatchObject({ name: latest, updatedAt: 5, attached: [] });
    for (const field of ['pushedBy', 'lastPulledAt', 'imagePulledAt']) expect(await list()).not.toHaveProperty(field);
    await store.manifests.notePulls([{ repository: app, digest: digestOf('old'), tag: latest, at: 7, by: 'bob' }]);
    expect(await list()).toMatchObject({ lastPulledAt: 7, imagePulledBy: 'bob' });
    await push(store, app, 'new', { tags: [latest] });
    expect(await list()).toMatchObject({ pushedBy: 'ada', lastPulledAt: 7 });
    await store.close();
  });

  test('put the subjects of rules into lower case, in which accounts have their ids', async () => {
    const sqlite = await openWith(migrations.slice(0, 6));
    const [upper, lower] = ['3F8E1D9E-1B0A-4C8E-9D55-0A5B6C7D8E9F', '3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f'];
    for (const subject of [`'${upper}'`, `'${lower}'`, 'NULL']) {
      sqlite.exec(`INSERT INTO policy_rules (priority, description, effect, roles, account_types, subject, actions,
        repositories, enabled, created_at, updated_at) VALUES (1, '', 'deny', '[]', '[]', ${subject}, '[]', '[]', 1, 0, 0)`);
    }
    sqlite.close();
    const store = await SqliteMetadataStore.open({ path: path() });
    expect((await store.policy.listRules()).map(({ subject }) => subject)).toEqual([lower, lower, undefined]);
    await store.close();
  });

  test.each([
    ['prod/**', 'prod/*'],
    ['a**b***', 'a*b*'],
    [`x/${'*'.repeat(301)}`, 'x/*'],
    ['home/{username}', String.raw`home/\{username}`],
    [String.raw`[a"\]]/**`, String.raw`[a"\]]/*`],
    ['prod/*', 'prod/*'],
  ])('keep the meaning of the pattern %s, and the old spelling where it was another one', async (before, after) => {
    const sqlite = await openWith(migrations.slice(0, 18));
    const insert =
      sqlite.prepare(`INSERT INTO policy_rules (priority, description, effect, roles, account_types, actions,
      repositories, enabled, created_at, updated_at) VALUES (1, '', 'deny', '[]', '[]', '[]', ?, 1, 0, 0)`);
    const repositories = ['other', before];
    insert.run(JSON.stringify(repositories));
    const version = sqlite.prepare("SELECT n FROM versions WHERE scope = 'policy'").pluck();
    const known = version.get() as number;
    sqlite.close();
    const expected = before === after ? {} : { rewrittenFrom: repositories };
    const ahead = readPolicyRules(path())[0];
    expect(ahead).toMatchObject({ repositories: ['other', after], ...expected });
    const store = await SqliteMetadataStore.open({ path: path() });
    const [rule] = await store.policy.listRules();
    expect(rule).toMatchObject({ repositories: ['other', after], ...expected });
    expect(rule?.rewrittenFrom).toEqual(expected.rewrittenFrom);
    expect(readPolicyRules(path())[0]).toEqual(ahead);
    expect((await store.coordination.versions()).policy).toBe(known + 1);
    await store.close();
  });

  test('reject a schema that is newer than this program, and leave it alone', async () => {
    (await openWith([...migrations, addition])).close();
    const opening = SqliteMetadataStore.open({ path: path() });
    const rejection = `The database has schema ${addition.id}, but this version knows only ${newest}; run a newer version`;
    await expect(opening).rejects.toThrow(rejection);
    expect(await files()).toEqual(['mcr.db']);
  });

  test('that fail leave the schema as it was', async () => {
    (await openWith()).close();
    const broken = { ...addition, sql: 'CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);' };
    await expect(openWith([...migrations, broken])).rejects.toThrow();
    const sqlite = new Sqlite(path());
    expect(sqlite.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
    expect(sqlite.prepare('SELECT max(id) FROM schema_migrations').pluck().get()).toBe(newest);
    sqlite.close();
  });
});
