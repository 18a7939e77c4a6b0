import { isNotNull } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { blobs } from '../schema/index.ts';
import { prepareFindRepositoryBlob } from './repository-blobs.ts';

export const findBlob: Operation<'findBlob'> = (connection) => {
  const find = prepareFindRepositoryBlob(connection);
  return (repository, digest, now) => find(repository, digest, now)?.record;
};

export const findQuarantinedBlob: Operation<'findQuarantinedBlob'> = (connection) => {
  const find = prepareFindRepositoryBlob(connection, isNotNull(blobs.damage));
  return (repository, digest, now) => find(repository, digest, now)?.record;
};
