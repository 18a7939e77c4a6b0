import { danglingSearches, removableKinds } from '../../common/dangling-rows.ts';
import type { DanglingKind, DanglingRow, Inspection } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

const kinds = Object.keys(danglingSearches) as DanglingKind[];

export const inspectDangling: Operation<Inspection['listDangling']> = (connection) => async (limit) => {
  const found: DanglingRow[] = [];
  for (const kind of kinds) {
    const { row, from, where } = danglingSearches[kind];
    const text = `SELECT '${kind}' AS kind, ${row} AS row FROM ${from} t WHERE ${where} LIMIT $1`;
    found.push(...(await connection.query<DanglingRow>(text, [pageLimit(limit)])));
  }
  return found;
};

export const removeDangling: Operation<Inspection['removeDangling']> = (connection) => async () => {
  for (const kind of removableKinds) {
    const { from, where } = danglingSearches[kind];
    await connection.write(undefined, (tx) => tx.run(`DELETE FROM ${from} t WHERE ${where}`));
  }
};

/** PostgreSQL checks its own files, by its page checksums and by pg_amcheck, which is the operator's to run. */
export const checkIntegrity: Operation<Inspection['checkIntegrity']> = () => () => Promise.resolve([]);
