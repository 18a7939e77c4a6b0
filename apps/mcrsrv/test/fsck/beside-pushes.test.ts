import { expect, test } from 'vitest';
import { rage, startFirePlace } from '../gc/fire/run.ts';
import { fsck } from './_fsck.ts';

/** Another number to look longer. */
const seconds = Number(process.env['MCR_TEST_FSCK_SECONDS'] ?? 6);
const gracePeriod = 4_000;

test(
  'fsck finds nothing wrong while images are pushed, deleted and collected all around it',
  async () => {
    await using place = await startFirePlace('fsck', gracePeriod);
    const { server, world } = place;
    // The command reads the configuration of the server, which has this from its own environment.
    process.env['MCR_GC_GRACE_PERIOD'] = `${gracePeriod}ms`;
    const over = new AbortController();
    const inspecting = (async () => {
      let inspections = 0;
      let blobs = 0;
      for (; !over.signal.aborted; inspections += 1) {
        const { findings, examined } = await fsck(server, '--deep');
        for (const finding of findings) world.violate(JSON.stringify(finding));
        blobs += examined['blobs']!;
      }
      return { inspections, blobs };
    })();
    try {
      await rage(place, { seconds, seed: 'fsck', writers: 4, readers: 1 });
    } finally {
      over.abort();
      delete process.env['MCR_GC_GRACE_PERIOD'];
    }
    const { inspections, blobs } = await inspecting;
    expect(world.violations).toEqual([]);
    expect(inspections).toBeGreaterThan(1);
    expect(blobs).toBeGreaterThan(10);
    expect(world.counts.get('manifests pushed')).toBeGreaterThan(0);
  },
  seconds * 1_000 + 60_000,
);
