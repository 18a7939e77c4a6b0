import type { Digest, RepositoryName } from '@mcr/core';
import { and, eq, exists, gt, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { BlobRecord, Blobs } from '../../facets/blobs.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import { remember } from '../connection/remember.ts';
import type { Operation } from '../facet.ts';
import { prepareIsLocatorUsed } from '../gc/swept-locators.ts';
import { blobLinks, blobs, manifestBlobs, repositories } from '../schema/index.ts';

/** A blob, seen from a repository that it is in. */
export interface RepositoryBlob {
  readonly id: number;
  readonly repositoryId: number;
  readonly record: BlobRecord;
  /** End of the repository's lease, which may have expired; `null` when there never was one. */
  readonly leasedUntil: number | null;
}

/**
 * Finds a blob if it is in the repository: referenced by one of its manifests, or leased to it beyond `now`. One in
 * quarantine is in none: it is not served, not mounted, and missing for a manifest that names it.
 */
export type FindRepositoryBlob = (
  repository: RepositoryName,
  digest: Digest,
  now: number,
) => RepositoryBlob | undefined;

/** `state` tells which blobs count; by default those in service. */
export function prepareFindRepositoryBlob({ db }: Connection, state = isNull(blobs.damage)): FindRepositoryBlob {
  const referenced = db
    .select({ found: sql`1` })
    .from(manifestBlobs)
    .where(and(eq(manifestBlobs.repositoryId, repositories.id), eq(manifestBlobs.blobId, blobs.id)));
  const statement = db
    .select({
      id: blobs.id,
      repositoryId: repositories.id,
      record: { digest: blobs.digest, size: blobs.size, locator: blobs.locator },
      leasedUntil: blobLinks.leasedUntil,
    })
    .from(repositories)
    .innerJoin(blobs, eq(blobs.digest, sql.placeholder('digest')))
    .leftJoin(blobLinks, and(eq(blobLinks.repositoryId, repositories.id), eq(blobLinks.blobId, blobs.id)))
    .where(
      and(
        eq(repositories.name, sql.placeholder('repository')),
        state,
        or(gt(blobLinks.leasedUntil, sql.placeholder('now')), exists(referenced)),
      ),
    )
    .prepare();
  return (repository, digest, now) => statement.get({ repository, digest, now });
}

/** Those of many digests that any repository has a blob of; mostly none, since they are an index's manifests. */
export function prepareKnownDigests({ sqlite }: Connection): (digests: readonly Digest[]) => readonly Digest[] {
  const statement = sqlite
    .prepare<[string], Digest>('SELECT b.digest FROM json_each(?) d CROSS JOIN blobs b ON b.digest = d.value')
    .pluck();
  return (digests) => (digests.length === 0 ? [] : statement.all(JSON.stringify(digests)));
}

/** What a remembered blob takes with its key, bytes. */
const recordBytes = 1_024;

/** A blob that is in a repository until a time, however little is written; none where there is none now. */
interface Found {
  readonly record?: BlobRecord;
  readonly until: number;
}

const none: Found = { until: Number.NEGATIVE_INFINITY };

/**
 * Remembered until anything is committed: what the other remembered reads are told of leaves out uploads and collections, which
 * are what blobs depend on.
 */
export const findBlob: Operation<Blobs['find']> = (connection) => {
  const { sqlite, log } = connection;
  const find = prepareFindRepositoryBlob(connection);
  const remembered = remember<Parameters<Blobs['find']>, Found>(
    { sqlite, generation: () => connection.generation() + log.commits },
    {
      keyOf: (repository, digest) => `${repository} ${digest}`,
      isKept: ({ record }) => record !== undefined,
      sizeOf: () => recordBytes,
    },
    (repository, digest, now) => {
      const found = find(repository, digest, now);
      if (found === undefined) return none;
      const { record, leasedUntil } = found;
      // A manifest may reference it beyond the end of its lease, and does if that has passed.
      const isLeased = leasedUntil !== null && leasedUntil > now;
      return { record, until: isLeased ? leasedUntil : Number.POSITIVE_INFINITY };
    },
  );
  const read: ReturnType<typeof findBlob> = (repository, digest, now) => {
    const { record, until } = remembered(repository, digest, now);
    return record === undefined || until > now ? record : find(repository, digest, now)?.record;
  };
  const known: typeof read = (repository, digest, now) => {
    const found = remembered.known(repository, digest, now);
    return found !== undefined && found.until > now ? found.record : undefined;
  };
  return Object.assign(read, { known });
};

export const findQuarantinedBlob: Operation<Blobs['findQuarantined']> = (connection) => {
  const find = prepareFindRepositoryBlob(connection, isNotNull(blobs.damage));
  return (repository, digest, now) => find(repository, digest, now)?.record;
};

export const findBlobByDigest: Operation<Blobs['findByDigest']> = ({ db }) => {
  const { digest, size, locator, damage } = blobs;
  const statement = db
    .select({ digest, size, locator, damage })
    .from(blobs)
    .where(eq(digest, sql.placeholder('digest')))
    .prepare();
  return (of) => {
    const row = statement.get({ digest: of });
    return row && withoutNulls(row);
  };
};

export const isLocatorUsed: Operation<Blobs['isLocatorUsed']> = (connection) => prepareIsLocatorUsed(connection);
