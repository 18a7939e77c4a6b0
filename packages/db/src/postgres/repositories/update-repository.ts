import type { Repositories } from '../../facets/repositories.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';
import { lockRepository } from './repository-ids.ts';
import { getRepositorySummary } from './repository-summaries.ts';

export const updateRepository: Operation<Repositories['update']> = (connection) => {
  return (input) =>
    connection.write(input, async (tx) => {
      const { repository, description } = input;
      const id = await lockRepository(tx, repository);
      const text = description === '' ? null : description;
      await tx.run('UPDATE repositories SET description = $2 WHERE id = $1', [id, text]);
      const summary = await getRepositorySummary({ ...connection, query: tx.query })(repository);
      await recordEvent(tx, input, { type: 'repo_updated', repository, details: { description } });
      return summary;
    });
};
