import type { Manifests } from '../../facets/manifests.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';

/** Nothing that reads remember changes by it. */
export const notePulls: Operation<Manifests['notePulls']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const noteManifest = connection.sqlite.prepare(`
    INSERT INTO manifest_pulls (manifest_id, last_pulled_at, last_pulled_by)
    SELECT id, ?, ? FROM manifests WHERE repository_id = ? AND digest = ?
    ON CONFLICT (manifest_id) DO UPDATE
      SET last_pulled_at = excluded.last_pulled_at, last_pulled_by = excluded.last_pulled_by
      WHERE last_pulled_at < excluded.last_pulled_at`);
  const noteTag = connection.sqlite.prepare(`
    UPDATE tags SET last_pulled_at = ?, last_pulled_by = ?
    WHERE repository_id = ? AND name = ? AND coalesce(last_pulled_at, 0) < ?`);
  return async (pulls) => {
    if (pulls.length === 0) return;
    // What is in one repository is in few pages of the database.
    const byRepository = Map.groupBy(pulls, ({ repository }) => repository);
    await connection.writeTogetherUnremembered(() => {
      for (const [repository, own] of byRepository) {
        const repositoryId = ids.find(repository);
        if (repositoryId === undefined) continue;
        for (const { digest, tag, at, by = null } of own) {
          noteManifest.run(at, by, repositoryId, digest);
          if (tag !== undefined) noteTag.run(at, by, repositoryId, tag, at);
        }
      }
    });
  };
};
