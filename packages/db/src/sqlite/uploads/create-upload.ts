import { eq, sql } from 'drizzle-orm';
import type { Uploads } from '../../facets/uploads.ts';
import type { Connection } from '../connection/connection.ts';
import { type Operation, unsynced } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { uploads } from '../schema/index.ts';
import { prepareCheckQuota } from './upload-quota.ts';
import { selectUploads, toUpload } from './uploads.ts';

/** No byte relies on it: the commit that records the first one takes it along to the disk. */
export const createUpload: Operation<Uploads['create']> = unsynced((connection: Connection) => {
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

  return ({ id, repository, createdBy, quota, now }: Parameters<Uploads['create']>[0]) =>
    writeTogetherUnremembered(() => {
      const existing = select.get({ id });
      if (existing !== undefined) return toUpload(existing);
      if (quota !== undefined) checkQuota(createdBy, quota);
      insert.run({ id, repositoryId: ids.ensure(repository, now), createdBy, now });
      return { id, repository, createdBy, offset: 0, version: 0, touchedAt: now };
    });
});
