import { sql } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { versions } from '../schema/index.ts';

/** Reads from the file, so that a disk that is gone shows, and a file that is gone as well. */
export const ping: Operation<'ping'> = ({ db, assertInPlace }) => {
  const statement = db.select({ one: sql`1` }).from(versions).limit(1).prepare();
  return () => {
    assertInPlace();
    statement.get();
  };
};
