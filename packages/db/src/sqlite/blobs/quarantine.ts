import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Blobs } from '../../facets/blobs.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { blobs, totals } from '../schema/index.ts';

const byLocator = eq(blobs.locator, sql.placeholder('locator'));

export const quarantineBlob: Operation<Blobs['quarantine']> = (connection) => {
  const log = prepareEventLog(connection);
  const mark = connection.db
    .update(blobs)
    .set({ damage: sql`${sql.placeholder('damage')}`, quarantinedAt: sql`${sql.placeholder('now')}` })
    .where(and(byLocator, eq(blobs.digest, sql.placeholder('digest')), isNull(blobs.damage)))
    .prepare();
  return (input) => {
    const { digest, locator, damage, now } = input;
    return connection.write(() => {
      if (mark.run({ digest, locator, damage, now }).changes === 0) return false;
      log.record(input, { type: 'blob_quarantined', digest, details: { damage } });
      return true;
    });
  };
};

export const releaseBlob: Operation<Blobs['release']> = (connection) => {
  const log = prepareEventLog(connection);
  const unmark = connection.db
    .update(blobs)
    .set({ damage: null, quarantinedAt: null })
    .where(and(byLocator, isNotNull(blobs.damage)))
    .prepare();
  return (input) => {
    const { digest, locator } = input;
    return connection.write(() => {
      if (unmark.run({ locator }).changes === 0) return false;
      log.record(input, { type: 'blob_released', digest });
      return true;
    });
  };
};

export const countQuarantined: Operation<Blobs['countQuarantined']> = ({ db }) => {
  const statement = db.select({ n: totals.quarantined }).from(totals).where(eq(totals.id, 1)).prepare();
  return () => statement.get()?.n ?? 0;
};
