import type { RepositoryName } from '@mcr/core';
import { eq, sql } from 'drizzle-orm';
import { unknownRepository } from '../../rejections.ts';
import type { Connection } from '../connection/connection.ts';
import { repositories } from '../schema/index.ts';

/** Row ids of repositories. */
export interface RepositoryIds {
  find(name: RepositoryName): number | undefined;
  /** Throws `NAME_UNKNOWN`. */
  require(name: RepositoryName): number;
  /** Creates the repository when it is new. */
  ensure(name: RepositoryName, now: number): number;
}

export function prepareRepositoryIds({ db }: Connection): RepositoryIds {
  const select = db
    .select({ id: repositories.id })
    .from(repositories)
    .where(eq(repositories.name, sql.placeholder('name')))
    .prepare();
  const insert = db
    .insert(repositories)
    .values({ name: sql.placeholder('name'), createdAt: sql.placeholder('now') })
    .returning({ id: repositories.id })
    .prepare();

  const find = (name: RepositoryName) => select.get({ name })?.id;
  return {
    find,
    require(name) {
      const id = find(name);
      if (id !== undefined) return id;
      throw unknownRepository(name);
    },
    ensure: (name, now) => find(name) ?? insert.get({ name, now }).id,
  };
}
