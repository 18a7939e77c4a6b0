import { eq } from 'drizzle-orm';
import type { MetadataStore } from '../../metadata-store.ts';
import type { Operation } from '../facet.ts';
import { totals } from '../schema/index.ts';

/** Counting would read the whole database for every scrape. */
export const statistics: Operation<MetadataStore['statistics']> = ({ db }) => {
  const { repositories, manifests, tags, blobs, blobBytes, uploads } = totals;
  const statement = db
    .select({ repositories, manifests, tags, blobs, blobBytes, uploads })
    .from(totals)
    .where(eq(totals.id, 1))
    .prepare();
  return () => statement.get()!;
};
