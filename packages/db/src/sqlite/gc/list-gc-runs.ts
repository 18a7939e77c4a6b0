import { desc, eq, getTableColumns, lt, type SQL } from 'drizzle-orm';
import type { GarbageCollection, GcRun } from '../../facets/gc.ts';
import { unknownPlace } from '../../rejections.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { gcRuns } from '../schema/index.ts';

export const listGcRuns: Operation<GarbageCollection['listRuns']> =
  (connection) =>
  ({ before, limit }) =>
    connection.db
      .select(runColumns)
      .from(gcRuns)
      .where(before === undefined ? undefined : precedes(connection, before))
      .orderBy(desc(gcRuns.sequence))
      .limit(pageLimit(limit))
      .all()
      .map(toGcRun);

function precedes({ db }: Connection, id: string): SQL {
  const row = db.select({ sequence: gcRuns.sequence }).from(gcRuns).where(eq(gcRuns.id, id)).get();
  if (row !== undefined) return lt(gcRuns.sequence, row.sequence);
  throw unknownPlace(id);
}

/** Everything but the position in the sequence of runs. */
export const { sequence, ...runColumns } = getTableColumns(gcRuns);

type GcRunRow = Omit<typeof gcRuns.$inferSelect, 'sequence'>;

export function toGcRun(row: GcRunRow): GcRun {
  return withoutNulls(row);
}

export function findGcRun({ db }: Connection, id: string): GcRun | undefined {
  const row = db.select(runColumns).from(gcRuns).where(eq(gcRuns.id, id)).get();
  return row && toGcRun(row);
}
