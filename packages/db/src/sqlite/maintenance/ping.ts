import { sql } from 'drizzle-orm';
import type { Operation } from '../operation.ts';
import { versions } from '../schema/index.ts';

/** Reads from the file, so that a disk that is gone shows. */
export const ping: Operation<'ping'> = ({ db }) => {
  const statement = db.select({ one: sql`1` }).from(versions).limit(1).prepare();
  return () => void statement.get();
};
