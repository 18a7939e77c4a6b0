import { sql } from 'drizzle-orm';
import { danglingSearches, removableKinds } from '../../common/dangling-rows.ts';
import type { DanglingKind, Inspection } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

export const inspectDangling: Operation<Inspection['listDangling']> = ({ db }) => {
  return (limit) =>
    Object.entries(danglingSearches).flatMap(([kind, { row, from, where }]) =>
      db
        .all<{ row: string }>(
          sql`SELECT ${sql.raw(row)} AS "row" FROM ${sql.raw(from)} t WHERE ${sql.raw(where)} LIMIT ${pageLimit(limit)}`,
        )
        .map((found) => ({ kind: kind as DanglingKind, row: found.row })),
    );
};

export const removeDangling: Operation<Inspection['removeDangling']> = ({ db, write }) => {
  return () => {
    write(() => {
      for (const kind of removableKinds) {
        const { from, where } = danglingSearches[kind];
        db.run(sql`DELETE FROM ${sql.raw(from)} AS t WHERE ${sql.raw(where)}`);
      }
    });
  };
};
