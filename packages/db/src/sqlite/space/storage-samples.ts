import { asc, gte, lt } from 'drizzle-orm';
import type { StorageSpace } from '../../facets/space.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { storageSamples } from '../schema/index.ts';

export const putStorageSample: Operation<StorageSpace['putSample']> = ({ db, writeUnremembered }) => {
  return ({ day, storedBytes, usedBytes = null, keepSince }) =>
    writeUnremembered(() => {
      const figures = { storedBytes, usedBytes };
      db.insert(storageSamples)
        .values({ day, ...figures })
        .onConflictDoUpdate({ target: storageSamples.day, set: figures })
        .run();
      db.delete(storageSamples).where(lt(storageSamples.day, keepSince)).run();
    });
};

export const listStorageSamples: Operation<StorageSpace['samples']> =
  ({ db }) =>
  ({ sinceDay }) =>
    db
      .select()
      .from(storageSamples)
      .where(gte(storageSamples.day, sinceDay))
      .orderBy(asc(storageSamples.day))
      .all()
      .map(withoutNulls);
