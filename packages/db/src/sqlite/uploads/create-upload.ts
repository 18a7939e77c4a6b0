import { eq, sql } from 'drizzle-orm';
import type { Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { uploads } from '../schema/index.ts';
import { prepareCheckQuota } from './upload-quota.ts';
import { selectUploads, toUpload } from './uploads.ts';

export const createUpload: Operation<Uploads['create']> = (connection) => {
  const { db, writeTogetherUnremembered } = connection;
  const ids = prepareRepositoryIds(connection);
  const checkQuota = prepareCheckQuota(connection);
  const select = selectUploads(db, eq(uploads.id, sql.placeholder('id'))).prepare();
  const insert = db
    .insert(uploads)
    .values({
      id: sql.placeholder('id'),
      repositoryId: sql.placeholder('repositoryId'),
      createdBy: sql.placeholder('createdBy'),
      offset: 0,
      version: 0,
      touchedAt: sql.placeholder('now'),
    })
    .prepare();

  return ({ id, repository, createdBy, quota, now }) =>
    writeTogetherUnremembered(() => {
      const existing = select.get({ id });
      if (existing !== undefined) return toUpload(existing);
      if (quota !== undefined) checkQuota(createdBy, quota);
      insert.run({ id, repositoryId: ids.ensure(repository, now), createdBy, now });
      return { id, repository, createdBy, offset: 0, version: 0, touchedAt: now };
    });
};
