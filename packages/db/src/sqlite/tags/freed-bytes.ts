import type { Connection } from '../connection/connection.ts';

/** Bytes of the blobs that these manifests reference, and no others; yields between short steps. */
export type FreedBytes = (manifestIds: ReadonlySet<number>) => Generator<void, number>;

export function prepareFreedBytes({ sqlite }: Connection): FreedBytes {
  const blobsOf = sqlite.prepare<[number], number>('SELECT blob_id FROM manifest_blobs WHERE manifest_id = ?').pluck();
  const usersOf = sqlite
    .prepare<[number, number], number>('SELECT manifest_id FROM manifest_blobs WHERE blob_id = ? LIMIT ?')
    .pluck();
  const sizeOf = sqlite.prepare<[number], number>('SELECT size FROM blobs WHERE id = ?').pluck();

  return function* freedBytes(manifestIds) {
    const uses = new Map<number, number>();
    for (const manifest of manifestIds) {
      for (const blob of blobsOf.all(manifest)) uses.set(blob, (uses.get(blob) ?? 0) + 1);
      yield;
    }
    let freed = 0;
    for (const [blob, known] of uses) {
      // Each use by these manifests is known, so one use more is by another.
      if (usersOf.all(blob, known + 1).length === known) freed += sizeOf.get(blob) ?? 0;
      yield;
    }
    return freed;
  };
}
