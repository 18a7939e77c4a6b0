import { eq, getTableColumns } from 'drizzle-orm';
import type { GcRun } from '../../facets/gc.ts';
import type { Connection } from '../connection/connection.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { gcRuns } from '../schema/index.ts';

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
