import type { Repositories, RepositoryOrder, RepositorySummary } from '../../facets/repositories.ts';
import { unknownRepository } from '../../rejections.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';

const columns = `name, tag_count AS "tagCount", manifest_count AS "manifestCount", total_size AS "totalSize",
  created_at AS "createdAt", last_push_at AS "lastPushAt", description`;

interface Row extends Omit<RepositorySummary, 'lastPushAt' | 'description'> {
  readonly lastPushAt: number | null;
  readonly description: string | null;
}

/** By name the first names come first, by a figure the greatest ones, and then the last names. Names are in lower case. */
const pages: Readonly<Record<RepositoryOrder, string>> = {
  name: pageOf('name > $1 AND $2::bigint IS NOT NULL', 'name'),
  size: pageOf('(total_size, name) < ($2::bigint, $1)', 'total_size DESC, name DESC'),
  last_push: pageOf(
    '(coalesce(last_push_at, 0), name) < ($2::bigint, $1)',
    'coalesce(last_push_at, 0) DESC, name DESC',
  ),
};

function pageOf(rest: string, order: string): string {
  return `SELECT ${columns} FROM repositories WHERE deleted_at IS NULL AND ${rest} AND strpos(name, $3) > 0
    ORDER BY ${order} LIMIT $4`;
}

export const listRepositorySummaries: Operation<Repositories['listSummaries']> = (connection) => {
  return async ({ after = '', limit, search = '', order = 'name' }) => {
    const [name, figure] = keyOf(order, after);
    const rows = await connection.query<Row>(pages[order], [name, figure, search.toLowerCase(), pageLimit(limit)]);
    return rows.map(withoutNulls);
  };
};

export const getRepositorySummary: Operation<Repositories['getSummary']> = (connection) => {
  const text = `SELECT ${columns} FROM repositories WHERE name = $1`;
  return async (repository) => {
    const [row] = await connection.query<Row>(text, [repository]);
    if (row === undefined) throw unknownRepository(repository);
    return withoutNulls(row);
  };
};

/** The place that a cursor names. */
function keyOf(order: RepositoryOrder, cursor: string): readonly [name: string, figure: number] {
  if (order === 'name') return [cursor, 0];
  if (cursor === '') return ['', Number.MAX_SAFE_INTEGER];
  const [figure = '', name = ''] = cursor.split(' ');
  return [name, Number(figure)];
}
