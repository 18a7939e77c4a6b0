import { expect, test } from 'vitest';
import { underFire } from './under-fire.ts';

/** Another number to look longer, and another seed to look elsewhere. */
const seconds = Number(process.env['MCR_TEST_FIRE_SECONDS'] ?? 60);
const seed = process.env['MCR_TEST_FIRE_SEED'] ?? '1';

test(
  'garbage collection every second costs no client a blob, and leaves nothing behind',
  async () => {
    const { counts, violations } = await underFire({ seconds, seed });
    expect(violations).toEqual([]);
    // Nothing went wrong because something happened, not because nothing did.
    for (const what of [
      'manifests pushed',
      'indexes pushed',
      'blobs mounted',
      'blobs found',
      'images pushed again',
      'manifests deleted',
      'tags deleted',
      'blobs deleted',
      'repositories deleted',
      'blobs collected',
      'uploads expired',
      'blobs pulled',
      'collections completed',
      'collections by schedule',
      'manifests whole in the end',
    ]) {
      expect(counts[what], what).toBeGreaterThan(0);
    }
  },
  seconds * 1000 + 240_000,
);
