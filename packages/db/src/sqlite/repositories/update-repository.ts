import { eq } from 'drizzle-orm';
import type { Repositories } from '../../facets/repositories.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { repositories } from '../schema/index.ts';
import { prepareRepositoryIds } from './repository-ids.ts';
import { getRepositorySummary } from './repository-summaries.ts';

export const updateRepository: Operation<Repositories['update']> = (connection) => {
  const { db, write } = connection;
  const ids = prepareRepositoryIds(connection);
  const summaryOf = getRepositorySummary(connection);
  const log = prepareEventLog(connection);
  return (input) => {
    const { repository, description } = input;
    return write(() => {
      const change = { description: description === '' ? null : description };
      db.update(repositories)
        .set(change)
        .where(eq(repositories.id, ids.require(repository)))
        .run();
      log.record(input, { type: 'repo_updated', repository, details: { description } });
      return summaryOf(repository);
    });
  };
};
