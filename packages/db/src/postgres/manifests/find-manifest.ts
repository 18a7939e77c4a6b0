import { hasDigest, type Reference, type RepositoryName } from '@mcr/core';
import type { ManifestContent, ManifestRecord, Manifests } from '../../facets/manifests.ts';
import { ManifestDamaged } from '../../manifest-damaged.ts';
import { unknownManifest, unknownRepository } from '../../rejections.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Transaction } from '../connection/transaction.ts';
import type { Operation } from '../facet.ts';

/** What a manifest's record shows, of the table `m`. */
export const recordColumns = `m.digest, m.media_type AS "mediaType", m.size, m.artifact_type AS "artifactType",
  m.subject_digest AS subject, m.created_at AS "createdAt"`;

/** Whether a row of the table `m` is not in quarantine. */
export const inService = 'NOT EXISTS (SELECT 1 FROM damaged_manifests d WHERE d.manifest_id = m.id)';

/** A row of `recordColumns`. */
export interface RecordRow extends Omit<ManifestRecord, 'artifactType' | 'subject'> {
  readonly artifactType: string | null;
  readonly subject: string | null;
}

/** A manifest to look up. */
export interface ManifestKey {
  readonly repository: RepositoryName;
  readonly reference: Reference;
}

interface Row extends RecordRow {
  readonly n: number;
  readonly repositoryId: number | null;
  readonly id: number | null;
  readonly damaged: boolean;
  readonly content: Uint8Array | null;
}

/** A manifest that was looked up, with its row's id and its repository's, or why there is none. */
export type FoundManifest =
  | {
      readonly id: number;
      readonly repositoryId: number;
      readonly record: ManifestRecord;
      readonly content: Uint8Array | null;
    }
  | { readonly error: Error };

/** Looks up manifests by tag or by digest, with one statement for all. */
export function prepareFindManifests(connection: Pick<Transaction, 'query'>, content: 'content' | 'none') {
  const columns = `id, digest, media_type, size, artifact_type, subject_digest, created_at, ${content === 'none' ? 'NULL::bytea AS ' : ''}content`;
  const text = `SELECT k.n, r.id AS "repositoryId", m.id, ${recordColumns}, m.content,
      EXISTS (SELECT 1 FROM damaged_manifests d WHERE d.manifest_id = m.id) AS damaged
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY k (repository, tag, digest, n)
    LEFT JOIN repositories r ON r.name = k.repository
    LEFT JOIN LATERAL (
      SELECT ${columns} FROM manifests WHERE id = (SELECT manifest_id FROM tags WHERE repository_id = r.id AND name = k.tag)
      UNION ALL
      SELECT ${columns} FROM manifests WHERE repository_id = r.id AND digest = k.digest) m ON true`;
  return async (keys: readonly ManifestKey[]): Promise<FoundManifest[]> => {
    const found: FoundManifest[] = [];
    const parameters = [
      keys.map(({ repository }) => repository),
      keys.map(({ reference }) => (reference.kind === 'tag' ? reference.tag : null)),
      keys.map(({ reference }) => (reference.kind === 'digest' ? reference.digest : null)),
    ];
    for (const row of await connection.query<Row>(text, parameters)) found[row.n - 1] = foundIn(row, keys[row.n - 1]!);
    return found;
  };
}

function foundIn({ n: _n, repositoryId, id, damaged, content, ...row }: Row, key: ManifestKey): FoundManifest {
  const { repository, reference } = key;
  if (repositoryId === null) return { error: unknownRepository(repository) };
  if (id === null) return { error: unknownManifest(reference) };
  if (damaged) return { error: new ManifestDamaged({ repository, digest: row.digest }, true) };
  return { id, repositoryId, record: withoutNulls(row), content };
}

/** A manifest with its content, which is compared with its digest. Throws what was found instead. */
export function contentOf(found: FoundManifest, { repository }: ManifestKey): ManifestContent {
  if ('error' in found) throw found.error;
  const { record } = found;
  const content = found.content ?? new Uint8Array();
  if (!hasDigest(content, record.digest)) throw new ManifestDamaged({ repository, digest: record.digest }, false);
  return { ...record, content };
}

export const getManifest: Operation<Manifests['get']> = (connection) => {
  const lookUp = prepareFindManifests({ query: connection.lookUp }, 'content');
  return async (repository, reference) => {
    const key = { repository, reference };
    return contentOf(await connection.grouped(lookUp, key), key);
  };
};

export const statManifest: Operation<Manifests['stat']> = (connection) => {
  const lookUp = prepareFindManifests({ query: connection.lookUp }, 'none');
  return async (repository, reference) => {
    const found = await connection.grouped(lookUp, { repository, reference });
    if ('error' in found) throw found.error;
    return found.record;
  };
};
