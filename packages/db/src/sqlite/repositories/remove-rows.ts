import type { Connection } from '../connection/connection.ts';
import { prepareReviewQueue } from '../gc/review-queue.ts';

/** What one slice may do. */
export interface RemovalSlice {
  readonly limit: number;
  /** When garbage collection looks at the blobs that lose a reference or a lease. */
  readonly reviewAfter: number;
}

/** Bytes of content that take as long to remove as a row of its own. */
const bytesPerRow = 16 * 1024;

/**
 * Removes rows of a deleted repository, at most about `limit`, and at last its own; returns how many. What depends on a
 * row goes before it, and a blob is queued in the transaction that takes its reference, so that a slice may be the last.
 */
export function prepareRemoveRows(connection: Connection): (repositoryId: number, slice: RemovalSlice) => number {
  const { sqlite } = connection;
  const queue = prepareReviewQueue(connection);
  const removeTags = sqlite.prepare('DELETE FROM tags WHERE repository_id = ? ORDER BY name LIMIT ?');
  const references = sqlite
    .prepare<[number, number], number>(
      'SELECT blob_id FROM manifest_blobs WHERE repository_id = ? ORDER BY blob_id, manifest_id LIMIT ?',
    )
    .pluck();
  const removeReferences = sqlite.prepare(
    'DELETE FROM manifest_blobs WHERE repository_id = ? ORDER BY blob_id, manifest_id LIMIT ?',
  );
  const leases = sqlite
    .prepare<[number, number], number>(
      'SELECT blob_id FROM blob_links WHERE repository_id = ? ORDER BY blob_id LIMIT ?',
    )
    .pluck();
  const removeLeases = sqlite.prepare('DELETE FROM blob_links WHERE repository_id = ? ORDER BY blob_id LIMIT ?');
  const removeChildren = sqlite.prepare(
    'DELETE FROM manifest_children WHERE repository_id = ? ORDER BY child_digest, parent_id LIMIT ?',
  );
  const manifests = sqlite.prepare<[number, number], { id: number; size: number }>(
    'SELECT id, size FROM manifests WHERE repository_id = ? ORDER BY digest LIMIT ?',
  );
  const removeManifest = sqlite.prepare('DELETE FROM manifests WHERE id = ?');
  const removeRepository = sqlite.prepare('DELETE FROM repositories WHERE id = ?');

  function removeManifests(repositoryId: number, limit: number): number {
    let cost = 0;
    for (const { id, size } of manifests.all(repositoryId, limit)) {
      if (cost >= limit) break;
      removeManifest.run(id);
      cost += 1 + Math.floor(size / bytesPerRow);
    }
    return cost;
  }

  return (repositoryId, { limit, reviewAfter }) => {
    const review = (blobs: readonly number[]) => {
      for (const blob of new Set(blobs)) queue.addBlob(blob, reviewAfter, 'repository_delete');
    };
    const steps: ((most: number) => number)[] = [
      (most) => removeTags.run(repositoryId, most).changes,
      (most) => {
        review(references.all(repositoryId, most));
        return removeReferences.run(repositoryId, most).changes;
      },
      (most) => {
        review(leases.all(repositoryId, most));
        return removeLeases.run(repositoryId, most).changes;
      },
      (most) => removeChildren.run(repositoryId, most).changes,
      (most) => removeManifests(repositoryId, most),
    ];
    let removed = 0;
    for (const step of steps) {
      removed += step(limit - removed);
      if (removed >= limit) return removed;
    }
    removeRepository.run(repositoryId);
    return removed + 1;
  };
}
