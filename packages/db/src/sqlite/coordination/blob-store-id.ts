import type { Coordination } from '../../facets/coordination.ts';
import type { Operation } from '../facet.ts';
import { blobStore } from '../schema/index.ts';

const one = 1;

export const blobStoreId: Operation<Coordination['blobStoreId']> = ({ db }) => {
  const statement = db.select({ id: blobStore.id }).from(blobStore).limit(1).prepare();
  return () => statement.get()?.id;
};

export const setBlobStoreId: Operation<Coordination['setBlobStoreId']> = ({ db, writeUnremembered }) => {
  return (id) => {
    writeUnremembered(() =>
      db.insert(blobStore).values({ one, id }).onConflictDoUpdate({ target: blobStore.one, set: { id } }).run(),
    );
  };
};
