import { eq, sql } from 'drizzle-orm';
import type { Repositories } from '../../facets/repositories.ts';
import { unknownRepository } from '../../rejections.ts';
import type { Operation } from '../facet.ts';
import { repositories, totals } from '../schema/index.ts';

export const repositoryUsage: Operation<Repositories['usage']> = ({ db }) => {
  const statement = db
    .select({ uniqueSize: repositories.uniqueSize })
    .from(repositories)
    .where(eq(repositories.name, sql.placeholder('repository')))
    .prepare();
  return (repository) => {
    const usage = statement.get({ repository });
    if (usage === undefined) throw unknownRepository(repository);
    return usage;
  };
};

export const referencedBytes: Operation<Repositories['referencedBytes']> = ({ db }) => {
  const statement = db.select({ n: totals.referencedBytes }).from(totals).where(eq(totals.id, 1)).prepare();
  return () => statement.get()?.n ?? 0;
};
