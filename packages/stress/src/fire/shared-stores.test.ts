import { requirePostgres, requireS3Server } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { underFire } from './under-fire.ts';

/** Another number to look longer, and another seed to look elsewhere. */
const seconds = Number(process.env['MCR_TEST_FIRE_SECONDS'] ?? 15);
const seed = process.env['MCR_TEST_FIRE_SEED'] ?? '1';
const areInstalled = [requirePostgres(15), requireS3Server('versitygw')].every(Boolean);

describe.skipIf(!areInstalled)('on PostgreSQL and S3', () => {
  test(
    'garbage collection every second costs no client a blob, and leaves nothing behind',
    async () => {
      const { counts, violations } = await underFire({ seconds, seed, onSharedStores: true });
      expect(violations).toEqual([]);
      // Nothing went wrong because something happened, not because nothing did.
      const happened = ['manifests pushed', 'blobs collected', 'blobs pulled', 'collections by schedule'];
      for (const what of happened) expect(counts[what], what).toBeGreaterThan(0);
    },
    seconds * 1000 + 240_000,
  );
});
