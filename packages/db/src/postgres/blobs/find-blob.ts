import type { Digest, RepositoryName } from '@mcr/core';
import type { AuditedBlob, BlobRecord, Blobs, Damage } from '../../facets/blobs.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';

/** A blob to look up, and the moment at which leases are compared. */
export interface BlobKey {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly now: number;
}

/** A blob, seen from a repository that it is in. */
export interface RepositoryBlob {
  readonly record: BlobRecord;
  /** End of the repository's lease, which may have expired; `null` when there never was one. */
  readonly leasedUntil: number | null;
}

interface Row extends BlobRecord {
  readonly n: number;
  readonly leasedUntil: number | null;
}

/**
 * Finds blobs that are in their repositories: referenced by a manifest, or leased beyond a moment. One in quarantine is in none: it is
 * not served, not mounted, and missing for a manifest that names it. `state` tells which count.
 */
export function prepareFindBlobs(connection: Pick<Connection, 'lookUp'>, state = 'IS NULL') {
  const text = `SELECT k.n, b.digest, b.size, b.locator, l.leased_until AS "leasedUntil"
    FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY k (repository, digest, now, n)
    JOIN repositories r ON r.name = k.repository
    JOIN blobs b ON b.digest = k.digest AND b.damage ${state}
    LEFT JOIN blob_links l ON l.repository_id = r.id AND l.blob_id = b.id
    WHERE l.leased_until > k.now
      OR EXISTS (SELECT 1 FROM manifest_blobs m WHERE m.repository_id = r.id AND m.blob_id = b.id)`;
  return async (keys: readonly BlobKey[]): Promise<(RepositoryBlob | undefined)[]> => {
    const columns = [keys.map((key) => key.repository), keys.map((key) => key.digest), keys.map((key) => key.now)];
    const found: (RepositoryBlob | undefined)[] = keys.map(() => undefined);
    for (const { n, leasedUntil, ...record } of await connection.lookUp<Row>(text, columns)) {
      found[n - 1] = { record, leasedUntil };
    }
    return found;
  };
}

export const findBlob: Operation<Blobs['find']> = (connection) => {
  const lookUp = prepareFindBlobs(connection);
  return async (repository, digest, now) => (await connection.grouped(lookUp, { repository, digest, now }))?.record;
};

export const findQuarantinedBlob: Operation<Blobs['findQuarantined']> = (connection) => {
  const lookUp = prepareFindBlobs(connection, 'IS NOT NULL');
  return async (repository, digest, now) => (await lookUp([{ repository, digest, now }]))[0]?.record;
};

export const findBlobByDigest: Operation<Blobs['findByDigest']> = (connection) => {
  const text = 'SELECT digest, size, locator, damage FROM blobs WHERE digest = $1';
  return async (digest) => {
    const [row] = await connection.query<BlobRecord & { damage: Damage | null }>(text, [digest]);
    return row && (withoutNulls(row) satisfies AuditedBlob);
  };
};

export const isLocatorUsed: Operation<Blobs['isLocatorUsed']> = (connection) => {
  const text = `SELECT EXISTS (SELECT 1 FROM blobs WHERE locator = $1)
    OR EXISTS (SELECT 1 FROM upload_pieces WHERE locator = $1) AS used`;
  return async (locator) => (await connection.query<{ used: boolean }>(text, [locator]))[0]?.used === true;
};
