import { formatReference, hasDigest, type Reference, type RepositoryName } from '@mcr/core';
import { and, eq, sql } from 'drizzle-orm';
import type { ManifestRecord, Manifests } from '../../facets/manifests.ts';
import { ManifestDamaged } from '../../manifest-damaged.ts';
import { goneManifest, unknownManifest } from '../../rejections.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import { remember } from '../connection/remember.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { manifests } from '../schema/index.ts';
import { prepareTagRows } from '../tags/tag-rows.ts';
import { contentColumns, inService, prepareFindManifestId, recordColumns } from './manifest-columns.ts';

/** Nearly all manifests are smaller. */
const maxRememberedContent = 16 * 1024;
/** What a remembered manifest takes beside its content, bytes. */
export const recordBytes = 1_024;

/** What a read of a manifest is remembered by: neither names, tags nor digests hold a space. */
export const manifestKey = (repository: RepositoryName, reference: Reference): string =>
  `${repository} ${reference.kind} ${formatReference(reference)}`;

const byId = and(eq(manifests.id, sql.placeholder('id')), inService);

export const getManifest: Operation<Manifests['get']> = (connection) => {
  const findId = prepareResolve(connection);
  const outOfService = prepareOutOfService(connection);
  const statement = connection.db.select(contentColumns).from(manifests).where(byId).prepare();
  const isKept = ({ content }: { content: Uint8Array }) => content.length <= maxRememberedContent;
  const sizeOf = ({ content }: { content: Uint8Array }) => recordBytes + content.length;
  return remember(connection, { keyOf: manifestKey, isKept, sizeOf }, (repository, reference) => {
    const id = findId(repository, reference);
    const row = statement.get({ id });
    if (row === undefined) throw outOfService(repository, id);
    if (!hasDigest(row.content, row.digest)) throw new ManifestDamaged({ repository, digest: row.digest }, false);
    return withoutNulls(row);
  });
};

export const statManifest: Operation<Manifests['stat']> = (connection) =>
  remember(connection, { keyOf: manifestKey, sizeOf: () => recordBytes }, prepareStat(connection));

/** Reads a manifest's record, as `stat` does. */
export function prepareStat(connection: Connection) {
  const findId = prepareResolve(connection);
  const outOfService = prepareOutOfService(connection);
  const statement = connection.db.select(recordColumns).from(manifests).where(byId).prepare();
  return (repository: RepositoryName, reference: Reference): ManifestRecord => {
    const id = findId(repository, reference);
    const row = statement.get({ id });
    if (row === undefined) throw outOfService(repository, id);
    return withoutNulls(row);
  };
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
