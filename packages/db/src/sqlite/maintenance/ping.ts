import { sql } from 'drizzle-orm';
import type { MetadataStore } from '../../metadata-store.ts';
import type { Operation } from '../facet.ts';
import { versions } from '../schema/index.ts';

/** Reads from the file, so that a disk that is gone shows, a file that is gone, and damage that was met before. */
export const ping: Operation<MetadataStore['ping']> = ({ db, assertSound }) => {
  const statement = db.select({ one: sql`1` }).from(versions).limit(1).prepare();
  return () => {
    assertSound();
    statement.get();
  };
};
