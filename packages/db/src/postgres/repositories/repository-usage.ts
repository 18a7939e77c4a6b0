import type { Repositories, RepositoryUsage } from '../../facets/repositories.ts';
import { unknownRepository } from '../../rejections.ts';
import type { Operation } from '../facet.ts';

export const repositoryUsage: Operation<Repositories['usage']> = (connection) => {
  const text = `SELECT f.unique_size AS "uniqueSize" FROM repositories r JOIN unique_figures f ON f.id = r.id WHERE r.name = $1`;
  return async (repository) => {
    const [usage] = await connection.query<RepositoryUsage>(text, [repository]);
    if (usage === undefined) throw unknownRepository(repository);
    return usage;
  };
};

export const referencedBytes: Operation<Repositories['referencedBytes']> = (connection) => {
  return async () => {
    const [total] = await connection.query<{ n: number }>('SELECT sum(referenced_bytes) AS n FROM totals');
    return total?.n ?? 0;
  };
};
