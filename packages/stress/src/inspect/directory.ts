import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventTable } from '../model/event-counts.ts';

/** What a registry keeps, as another process sees it. */
export interface Directory {
  /** What is wrong with it, as text. */
  readonly problems: readonly string[];
  readonly events: EventTable;
}

/** Both sides of each equation that must hold in the database. */
const laws = {
  'every size of a repository is the sum of its manifests and distinct blobs': `
    SELECT r.name FROM repositories r WHERE r.total_size <>
      coalesce((SELECT sum(m.size) FROM manifests m WHERE m.repository_id = r.id), 0) +
      coalesce((SELECT sum(b.size) FROM blobs b WHERE b.id IN
        (SELECT x.blob_id FROM manifest_blobs x WHERE x.repository_id = r.id)), 0)`,
  'every figure of a repository is what counting gives': `
    SELECT r.name FROM repositories r WHERE r.tag_count <> (SELECT count(*) FROM tags t WHERE t.repository_id = r.id)
      OR r.manifest_count <> (SELECT count(*) FROM manifests m WHERE m.repository_id = r.id)
      OR r.unique_size <> coalesce((SELECT sum(b.size) FROM blobs b WHERE
        b.id IN (SELECT x.blob_id FROM manifest_blobs x WHERE x.repository_id = r.id) AND
        b.id NOT IN (SELECT x.blob_id FROM manifest_blobs x WHERE x.repository_id <> r.id)), 0)`,
  'the totals are the sums of what is there': `
    SELECT 'totals' FROM totals WHERE referenced_bytes <>
        coalesce((SELECT sum(total_size) FROM repositories WHERE deleted_at IS NULL), 0)
      OR repositories <> (SELECT count(*) FROM repositories WHERE deleted_at IS NULL)
      OR blob_bytes <> coalesce((SELECT sum(size) FROM blobs), 0)`,
  'every blob that nothing references is queued for review': `
    SELECT digest FROM blobs WHERE id NOT IN (SELECT blob_id FROM manifest_blobs)
      AND id NOT IN (SELECT blob_id FROM gc_queue)`,
  'no locator is in use and in the trash':
    'SELECT locator FROM blobs WHERE locator IN (SELECT locator FROM blob_trash)',
  'no piece of an upload is in the trash':
    'SELECT locator FROM upload_pieces WHERE locator IN (SELECT locator FROM blob_trash)',
  'an upload has the bytes of its pieces': `
    SELECT uuid FROM uploads WHERE byte_offset <>
      coalesce((SELECT sum(size) FROM upload_pieces WHERE upload = uuid), 0)`,
  'activity counts the audit log': `
    SELECT event_type FROM activity GROUP BY event_type
    HAVING sum(n) <> (SELECT count(*) FROM audit_log a WHERE a.event_type = activity.event_type)`,
};

/** The changes that clients request, each of which leaves one event. */
const counted = [
  'manifest_pushed',
  'manifest_deleted',
  'tag_deleted',
  'repo_deleted',
  'blob_uploaded',
  'blob_mounted',
  'blob_deleted',
  'policy_rule_created',
  'policy_rule_updated',
  'policy_rule_deleted',
];

/**
 * Looks at the database and the files of a registry whose server runs and has nothing to do. The server must be another
 * process, whose locks this one cannot drop; and it must be running, or closing the database would checkpoint it.
 * `damaged` are digests of blobs in quarantine whose bytes are not what they should be.
 */
export async function inspectDirectory(path: string, damaged: ReadonlySet<string>): Promise<Directory> {
  const database = new DatabaseSync(join(path, 'mcr.db'), { readOnly: true });
  try {
    const select = (sql: string) => database.prepare(sql).all() as Record<string, string>[];
    const problems = select('PRAGMA integrity_check').flatMap(({ integrity_check: text }) =>
      text === 'ok' ? [] : [text!],
    );
    for (const row of select('PRAGMA foreign_key_check')) problems.push(`a row of ${row['table']} points nowhere`);
    for (const [law, sql] of Object.entries(laws)) {
      for (const row of select(sql)) problems.push(`it must hold that ${law}: ${Object.values(row).join(' ')}`);
    }
    const blobs = select('SELECT digest, size, locator, damage FROM blobs');
    for (const { digest, size, locator, damage } of blobs) {
      if (damage !== null && damaged.has(digest!)) continue;
      const problem = await compare(join(path, 'layers', locator!), digest!, Number(size));
      if (problem !== undefined) problems.push(problem);
    }
    return { problems, events: eventsIn(select) };
  } finally {
    database.close();
  }
}

function eventsIn(select: (sql: string) => Record<string, string>[]): EventTable {
  const types = counted.map((type) => `'${type}'`).join(', ');
  const rows = select(`
    SELECT trim(event_type || ' ' || coalesce(repository, '')) AS key, count(*) AS n FROM audit_log
    WHERE event_type IN (${types}) GROUP BY 1`);
  return new Map(rows.map(({ key, n }) => [key!, Number(n)]));
}

async function compare(file: string, digest: string, size: number): Promise<string | undefined> {
  const [algorithm = '', hex] = digest.split(':');
  try {
    const bytes = await readFile(file);
    const actual = createHash(algorithm).update(bytes).digest('hex');
    return actual === hex && bytes.byteLength === size ? undefined : `${digest} has a file with other bytes`;
  } catch (error) {
    return `${digest} has no file: ${String(error)}`;
  }
}
