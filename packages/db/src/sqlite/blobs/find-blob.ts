import type { Operation } from '../operation.ts';
import { prepareFindRepositoryBlob } from './repository-blobs.ts';

export const findBlob: Operation<'findBlob'> = (connection) => {
  const find = prepareFindRepositoryBlob(connection);
  return (repository, digest, now) => find(repository, digest, now)?.record;
};
