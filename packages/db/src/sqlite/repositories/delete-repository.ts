import { eq, isNotNull, sql } from 'drizzle-orm';
import type { Repositories } from '../../facets/repositories.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { repositories, uploads } from '../schema/index.ts';
import { prepareRemoveRows } from './remove-rows.ts';
import { prepareRepositoryIds } from './repository-ids.ts';

/** Rows that are removed at once: most repositories have fewer. */
const removedAtOnce = 500;

export const deleteRepository: Operation<Repositories['delete']> = (connection) => {
  const { db, write } = connection;
  const ids = prepareRepositoryIds(connection);
  const removeRows = prepareRemoveRows(connection);
  const log = prepareEventLog(connection);
  const id = sql.placeholder('id');
  const figures = db
    .select({ manifests: repositories.manifestCount, tags: repositories.tagCount })
    .from(repositories)
    .where(eq(repositories.id, id))
    .prepare();
  const trashPieces = connection.sqlite.prepare(`INSERT INTO blob_trash (locator, size, attempts, kind, trashed_at)
    SELECT p.locator, p.size, 0, 'piece', ? FROM uploads u CROSS JOIN upload_pieces p ON p.upload = u.uuid
    WHERE u.repository_id = ? ON CONFLICT DO NOTHING`);
  const endUploads = db.delete(uploads).where(eq(uploads.repositoryId, id)).prepare();
  // No name has a tilde, so nothing finds the repository any more, and another can have its name.
  const hide = db
    .update(repositories)
    .set({ name: sql`'~' || ${repositories.id}`, deletedAt: sql`${sql.placeholder('now')}` })
    .where(eq(repositories.id, id))
    .prepare();

  return (input) => {
    const { repository, reviewAfter, now, limit = removedAtOnce } = input;
    write(() => {
      const key = { id: ids.require(repository) };
      const { manifests = 0, tags = 0 } = figures.get(key) ?? {};
      trashPieces.run(now, key.id);
      endUploads.run(key);
      hide.run({ ...key, now });
      removeRows(key.id, { reviewAfter, limit });
      log.record(input, { type: 'repo_deleted', repository, details: { manifests: `${manifests}`, tags: `${tags}` } });
    });
  };
};

export const removeDeleted: Operation<Repositories['removeDeleted']> = (connection) => {
  const { db, writeUnremembered } = connection;
  const removeRows = prepareRemoveRows(connection);
  const next = db
    .select({ id: repositories.id })
    .from(repositories)
    .where(isNotNull(repositories.deletedAt))
    .limit(1)
    .prepare();
  return ({ reviewAfter, limit }) => {
    if (next.get() === undefined) return { removed: 0 };
    // What reads remember, they remember by name, and these have none.
    return writeUnremembered(() => {
      let removed = 0;
      for (let row = next.get(); row !== undefined && removed < limit; row = next.get()) {
        removed += removeRows(row.id, { reviewAfter, limit: limit - removed });
      }
      return { removed };
    });
  };
};
