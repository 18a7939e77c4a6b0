import { expect, test } from 'vitest';
import { rage, startPlace } from './fire.ts';

/** Another number to look longer. */
const seconds = Number(process.env['MCR_TEST_FSCK_SECONDS'] ?? 6);

test(
  'fsck finds nothing wrong while images are pushed, deleted and collected all around it',
  async () => {
    await using place = await startPlace('fsck');
    const { registry, connection } = place;
    const { world } = connection;
    const over = new AbortController();
    const inspecting = (async () => {
      let inspections = 0;
      let blobs = 0;
      for (; !over.signal.aborted; inspections += 1) {
        const args = ['fsck', '--deep', '--json', '--config', registry.configPath];
        const { stdout } = await registry.tryCli(args);
        const { findings, examined } = JSON.parse(stdout);
        for (const finding of findings) world.violate(JSON.stringify(finding));
        blobs += examined.blobs;
      }
      return { inspections, blobs };
    })();
    try {
      await rage(place, { seconds, seed: 'fsck', writers: 4, readers: 1 });
    } finally {
      over.abort();
    }
    const { inspections, blobs } = await inspecting;
    expect(world.violations).toEqual([]);
    expect(inspections).toBeGreaterThan(1);
    expect(blobs).toBeGreaterThan(10);
    expect(world.counts.get('manifests pushed')).toBeGreaterThan(0);
  },
  seconds * 1_000 + 60_000,
);
