import type { RepositoryName } from '@mcr/core';
import type { Repositories, RepositoryOrder, RepositorySummary } from '../../facets/repositories.ts';
import { unknownRepository } from '../../rejections.ts';
import { pageLimit, type Walk, walk } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';

/** Names that one step of a search looks at. */
const searchSize = 1_000;

type RepositoryKey = readonly [name: RepositoryName, figure: number];

export const listRepositorySummaries: Operation<Repositories['listSummaries']> = (connection) => {
  const readKeys = prepareKeys(connection);
  const load = prepareSummary(connection);
  return async ({ after = '', limit, search = '', order = 'name' }) => {
    const part = search.toLowerCase();
    const summaries: Walk<RepositoryKey, RepositorySummary> = {
      read: readKeys[order],
      // Names are in lower case.
      matches: ([name]) => name.includes(part),
      load: ([name]) => load(name),
      length: search === '' ? Math.min(limit, searchSize) : searchSize,
    };
    return await walk(summaries, { after: after === '' ? undefined : keyOf(order, after), limit: pageLimit(limit) });
  };
};

export const getRepositorySummary: Operation<Repositories['getSummary']> = (connection) => {
  const load = prepareSummary(connection);
  return (repository) => {
    const summary = load(repository);
    if (summary === undefined) throw unknownRepository(repository);
    return summary;
  };
};

/** The place that a cursor names. */
function keyOf(order: RepositoryOrder, cursor: string): RepositoryKey {
  if (order === 'name') return [cursor as RepositoryName, 0];
  const [figure = '', name = ''] = cursor.split(' ');
  return [name as RepositoryName, Number(figure)];
}

/** By name the first names come first, by a figure the greatest ones, and then the last names. */
function prepareKeys({ sqlite }: Connection) {
  type Read = (last: RepositoryKey | undefined, length: number) => RepositoryKey[];
  const select = (figure: string, rest: string) =>
    sqlite
      .prepare<unknown[], RepositoryKey>(
        `SELECT name, ${figure} FROM repositories WHERE deleted_at IS NULL AND ${rest} LIMIT ?`,
      )
      .raw();
  // In two parts, since SQLite finds no place in an index on an expression by two values at once.
  const byFigure = (figure: string): Read => {
    const order = `ORDER BY ${figure} DESC, name DESC`;
    const same = select(figure, `${figure} = ? AND name < ? ORDER BY name DESC`);
    const less = select(figure, `${figure} < ? ${order}`);
    return (last, length) => {
      if (last === undefined) return less.all(Number.MAX_SAFE_INTEGER, length);
      const found = same.all(last[1], last[0], length);
      return found.length === length ? found : [...found, ...less.all(last[1], length - found.length)];
    };
  };
  const byName = select('0', 'name > ? ORDER BY name');
  return {
    name: (last, length) => byName.all(last?.[0] ?? '', length),
    size: byFigure('total_size'),
    last_push: byFigure('coalesce(last_push_at, 0)'),
  } satisfies Record<RepositoryOrder, Read>;
}

/** Without drizzle, which takes twice as long for a row: lists load each of theirs. */
function prepareSummary({ sqlite }: Connection): (name: RepositoryName) => RepositorySummary | undefined {
  type Row = Omit<RepositorySummary, 'lastPushAt' | 'description'> & {
    lastPushAt: number | null;
    description: string | null;
  };
  const statement = sqlite.prepare<unknown[], Row>(
    `SELECT name, tag_count AS tagCount, manifest_count AS manifestCount, total_size AS totalSize, created_at AS createdAt,
      last_push_at AS lastPushAt, description FROM repositories WHERE name = ?`,
  );
  return (name) => {
    const row = statement.get(name);
    return row && withoutNulls(row);
  };
}
