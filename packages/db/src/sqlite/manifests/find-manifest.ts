import { formatReference, hasDigest, type Reference, type RepositoryName } from '@mcr/core';
import { eq, sql } from 'drizzle-orm';
import type { ManifestContent, ManifestRecord, Manifests } from '../../facets/manifests.ts';
import { ManifestDamaged } from '../../manifest-damaged.ts';
import { goneManifest, unknownManifest } from '../../rejections.ts';
import { type WithoutNulls, withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import { remember } from '../connection/remember.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { manifests } from '../schema/index.ts';
import { prepareTagRows } from '../tags/tag-rows.ts';
import { prepareFindManifestId } from './manifest-columns.ts';

/** Nearly all manifests are smaller. */
const maxRememberedContent = 16 * 1024;
/** What a remembered manifest takes beside its content, bytes. */
export const recordBytes = 1_024;

/** What a read of a manifest is remembered by: neither names, tags nor digests hold a space. */
export const manifestKey = (repository: RepositoryName, reference: Reference): string =>
  `${repository} ${reference.kind} ${formatReference(reference)}`;

/** Of `m`, in the names of the record. */
const recordColumns = `m.digest, m.media_type AS "mediaType", m.size, m.artifact_type AS "artifactType", m.subject_digest AS subject, m.created_at AS "createdAt"`;

/** A row of `recordColumns`. */
interface RecordRow extends Pick<ManifestRecord, 'digest' | 'mediaType' | 'size' | 'createdAt'> {
  readonly artifactType: string | null;
  readonly subject: string | null;
}

interface ContentRow extends RecordRow, Pick<ManifestContent, 'content'> {}

/**
 * Finds columns of a manifest, `m`, by a single statement, since most of what so short a read costs is each statement's. Throws
 * as `stat` does, and what `check` throws of the row.
 */
export function prepareFindManifest<Row extends object>(
  connection: Connection,
  columns: string,
  check: (row: Row, repository: RepositoryName) => void = () => {},
): (repository: RepositoryName, reference: Reference) => WithoutNulls<Row> {
  const { sqlite } = connection;
  const findId = prepareResolve(connection);
  const outOfService = prepareOutOfService(connection);
  const prepare = (join: string) =>
    sqlite.prepare<[string, string], Row>(`SELECT ${columns} FROM repositories r ${join}
      WHERE r.name = ? AND NOT EXISTS (SELECT 1 FROM damaged_manifests d WHERE d.manifest_id = m.id)`);
  const statements = {
    tag: prepare('JOIN tags t ON t.repository_id = r.id AND t.name = ? JOIN manifests m ON m.id = t.manifest_id'),
    digest: prepare('JOIN manifests m ON m.repository_id = r.id AND m.digest = ?'),
  };
  return (repository, reference) => {
    const row = statements[reference.kind].get(formatReference(reference), repository);
    if (row === undefined) throw outOfService(repository, findId(repository, reference));
    check(row, repository);
    return withoutNulls(row);
  };
}

export const getManifest: Operation<Manifests['get']> = (connection) => {
  const find = prepareFindManifest(connection, `${recordColumns}, m.content`, assertWhole);
  const isKept = ({ content }: { content: Uint8Array }) => content.length <= maxRememberedContent;
  const sizeOf = ({ content }: { content: Uint8Array }) => recordBytes + content.length;
  return remember(connection, { keyOf: manifestKey, isKept, sizeOf }, find);
};

export const statManifest: Operation<Manifests['stat']> = (connection) =>
  remember(
    connection,
    { keyOf: manifestKey, sizeOf: () => recordBytes },
    prepareFindManifest<RecordRow>(connection, recordColumns),
  );

function assertWhole({ digest, content }: ContentRow, repository: RepositoryName): void {
  if (!hasDigest(content, digest)) throw new ManifestDamaged({ repository, digest }, false);
}

/** Resolves a reference to a row id, which the row may not outlive. Throws `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
export function prepareResolve(connection: Connection) {
  const ids = prepareRepositoryIds(connection);
  const tags = prepareTagRows(connection);
  const findId = prepareFindManifestId(connection);
  return (repository: RepositoryName, reference: Reference): number => {
    const repositoryId = ids.require(repository);
    const id =
      reference.kind === 'tag' ? tags.find(repositoryId, reference.tag) : findId(repositoryId, reference.digest);
    if (id === undefined) throw unknownManifest(reference);
    return id;
  };
}

/** Makes the error for a row that is in quarantine. */
export function prepareOutOfService({ db }: Connection) {
  const statement = db
    .select({ digest: manifests.digest })
    .from(manifests)
    .where(eq(manifests.id, sql.placeholder('id')))
    .prepare();
  return (repository: RepositoryName, id: number): Error => {
    const row = statement.get({ id });
    if (row === undefined) return goneManifest();
    return new ManifestDamaged({ repository, digest: row.digest }, true);
  };
}
