import { RegistryError } from '@mcr/core';
import { desc, eq, lt, type SQL } from 'drizzle-orm';
import type { GarbageCollection } from '../../facets/gc.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../operation.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { gcRuns } from '../schema/index.ts';
import { runColumns, toGcRun } from './gc-run-rows.ts';

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
  throw new RegistryError('PARAMETER_INVALID', 'The garbage collection that the page starts before does not exist', {
    detail: { before: id },
  });
}
