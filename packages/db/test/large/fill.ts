import { type Digest, digestOf, versionKey } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import { openConnection } from '../../src/sqlite/connection/open-connection.ts';
import { migrate } from '../../src/sqlite/migrate.ts';
import { migrations } from '../../src/sqlite/migrations/index.ts';

/** As many rows as no operation may look at one by one. */
export const many = 200_000;
/** Entries of an index of 4 MiB. */
export const entries = 30_000;
/** Tags of one manifest, and repositories. */
export const [tagsOfOne, repositories] = [20_000, 50_000];
/** The schema of the first release that was tried by others, which migrations have to bring up to date. */
const filledSchema = 6;

/** A manifest that is looked at, with the digest that it has. */
export function named(name: string): { readonly content: string; readonly digest: Digest } {
  const content = JSON.stringify({ name });
  return { content, digest: digestOf(content) };
}

/** A digest of one of many, of an image, a blob or a signature, by what it is of. */
export function digestAt(kind: 'a' | 'b' | 'c', number: number): string {
  return `sha256:${kind}${String(number).padStart(63, '0')}`;
}

/** Numbers of indexes, each with the same entries and a tag of its own, and of manifests with very many tags. */
export const copies = [1, 2, 3] as const;

const series = (length: number) =>
  `WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ${length})`;
const digest = (kind: string) => `'sha256:${kind}' || printf('%063d', i)`;
const name = (prefix: string) => `'${prefix}' || printf('%06d', i)`;
const [image, index] = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.index.v1+json'];
const manifest =
  'INSERT INTO manifests (id, repository_id, digest, media_type, artifact_type, subject_digest, size, created_at, content)';
const content = `10, 0, CAST('{}' AS BLOB)`;
const base = many + 1;
const insertNamed = (id: number, repository: number, name: string, type: string | undefined) =>
  `${manifest} VALUES (${id}, ${repository}, '${named(name).digest}', '${type}', NULL, NULL, 10, 0, CAST('${named(name).content}' AS BLOB))`;

/** Row ids: images from 1, signatures from a million, indexes and manifests with many tags from two and three millions. */
const statements: readonly string[] = [
  `INSERT INTO repositories (id, name, created_at, last_push_at) VALUES (1, 'big', 0, 1), (2, 'signed', 0, 2), (3, 'tagged', 0, 3)`,
  `${series(repositories)} INSERT INTO repositories (name, created_at, last_push_at) SELECT ${name('r/')}, 0, i FROM s`,
  `${series(base)} INSERT INTO blobs (id, digest, size, locator, created_at) SELECT i, ${digest('b')}, 10, ${name('b/')}, 0 FROM s`,
  `${series(many)} ${manifest} SELECT i, 1, ${digest('a')}, '${image}', NULL, NULL, ${content} FROM s`,
  `${series(many)} INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id) SELECT 1, i, i FROM s`,
  `${series(many)} INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id) SELECT 1, ${base}, i FROM s`,
  `${series(many)} INSERT INTO tags (repository_id, name, manifest_id, updated_at) SELECT 1, ${name('v')}, i, i FROM s`,
  `${series(many)} ${manifest} SELECT 1000000 + i, 2, ${digest('c')}, '${image}', 'signature', '${named('image').digest}', ${content} FROM s`,
  ...[1, 2].map((repository) => insertNamed(4_000_000 + repository, repository, 'image', image)),
  `INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id) VALUES (1, 1, 4000001), (1, ${base}, 4000001)`,
  ...copies.flatMap((n) => [
    insertNamed(2_000_000 + n, 1, `index ${n}`, index),
    `${series(entries)} INSERT INTO manifest_children (parent_id, child_digest) SELECT ${2_000_000 + n}, ${digest('a')} FROM s`,
    `INSERT INTO tags (repository_id, name, manifest_id, updated_at) VALUES (1, 'index-${n}', ${2_000_000 + n}, ${many + n})`,
    insertNamed(3_000_000 + n, 3, `tagged ${n}`, image),
    `${series(tagsOfOne)} INSERT INTO tags (repository_id, name, manifest_id, updated_at) SELECT 3, ${name(`t${n}-`)}, ${3_000_000 + n}, i FROM s`,
  ]),
  `${series(repositories)} INSERT INTO blob_links (repository_id, blob_id, leased_until) SELECT i + 3, ${base}, 1 FROM s`,
  `INSERT INTO gc_queue (blob_id, review_after, reason) VALUES (${base}, 1, 'mount')`,
  // Two accounts take turns: what one does, the other never does.
  `${series(many)} INSERT INTO audit_log (at, event_type, actor_id, repository, details)
    SELECT i * 1000, iif(i % 2, 'policy_deny', 'manifest_pulled'), iif(i % 2, 'ada', 'robot'), iif(i % 2, 'signed', 'big'), '{}' FROM s`,
];

/** Makes a registry of very many rows at `path`, of an older schema, and brings that up to date. */
export async function fillLarge(path: string): Promise<void> {
  const connection = openConnection({ path });
  await migrate(connection, migrations.slice(0, filledSchema));
  await connection.close();
  const sqlite = new Sqlite(path);
  try {
    sqlite.pragma('synchronous = OFF');
    sqlite.pragma('journal_mode = MEMORY');
    sqlite.pragma('foreign_keys = OFF');
    sqlite.transaction(() => fill(sqlite))();
  } finally {
    sqlite.close();
  }
}

function fill(sqlite: Sqlite.Database): void {
  // One statement for each table instead of a trigger for each row.
  const triggers = sqlite.prepare<[], { name: string; sql: string }>(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`,
  );
  const kept = triggers.all();
  for (const { name: trigger } of kept) sqlite.exec(`DROP TRIGGER ${trigger}`);
  for (const statement of statements) sqlite.exec(statement);
  for (const { sql } of kept) sqlite.exec(sql);
  sqlite.exec(`UPDATE repositories SET total_size =
    (SELECT coalesce(sum(size), 0) FROM manifests WHERE repository_id = repositories.id) +
    (SELECT coalesce(sum(size), 0) FROM blobs WHERE id IN (SELECT blob_id FROM manifest_blobs WHERE repository_id = repositories.id))
    WHERE id <= 3`);
  sqlite.function('version_key', { deterministic: true }, (tag) => versionKey(String(tag)));
  for (const { id, name: step, sql } of migrations.slice(filledSchema)) {
    sqlite.exec(sql);
    sqlite.prepare('INSERT INTO schema_migrations (id, name, applied_at) VALUES (?, ?, 0)').run(id, step);
  }
}
