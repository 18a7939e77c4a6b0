import { eq, sql } from 'drizzle-orm';
import type { Blobs } from '../../facets/blobs.ts';
import type { Operation } from '../operation.ts';
import { blobs } from '../schema/index.ts';

export const isLocatorUsed: Operation<Blobs['isLocatorUsed']> = ({ db }) => {
  const statement = db
    .select({ id: blobs.id })
    .from(blobs)
    .where(eq(blobs.locator, sql.placeholder('locator')))
    .prepare();
  return (locator) => statement.get({ locator }) !== undefined;
};
