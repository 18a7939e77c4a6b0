import { eq, isNotNull, sql } from 'drizzle-orm';
import type { Blobs } from '../../facets/blobs.ts';
import type { Operation } from '../facet.ts';
import { blobs } from '../schema/index.ts';
import { prepareFindRepositoryBlob } from './repository-blobs.ts';

export const findBlob: Operation<Blobs['find']> = (connection) => {
  const find = prepareFindRepositoryBlob(connection);
  return (repository, digest, now) => find(repository, digest, now)?.record;
};

export const findQuarantinedBlob: Operation<Blobs['findQuarantined']> = (connection) => {
  const find = prepareFindRepositoryBlob(connection, isNotNull(blobs.damage));
  return (repository, digest, now) => find(repository, digest, now)?.record;
};

export const isLocatorUsed: Operation<Blobs['isLocatorUsed']> = ({ db }) => {
  const statement = db
    .select({ id: blobs.id })
    .from(blobs)
    .where(eq(blobs.locator, sql.placeholder('locator')))
    .prepare();
  return (locator) => statement.get({ locator }) !== undefined;
};
