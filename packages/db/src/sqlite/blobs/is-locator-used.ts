import { eq, sql } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { blobs } from '../schema/index.ts';

export const isLocatorUsed: Operation<'isLocatorUsed'> = ({ db }) => {
  const statement = db
    .select({ id: blobs.id })
    .from(blobs)
    .where(eq(blobs.locator, sql.placeholder('locator')))
    .prepare();
  return (locator) => statement.get({ locator }) !== undefined;
};
