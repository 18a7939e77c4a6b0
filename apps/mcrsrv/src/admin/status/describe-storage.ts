import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { growthOf } from '../../services/space/growth.ts';
import { spaceParts, totalOf } from '../../services/space/parts.ts';
import { operation } from '../operation.ts';

const dayMs = 86_400_000;
const usualDays = 90;
const largest = 20;
/** Growth is that of the last 30 days, however few are asked for. */
const growthDays = 30;

/** What takes space where blobs are, how that grew, and when it is full; the last sample is as of now. */
export const describeStorage = operation(AdminService.method.describeStorage, async (services, _call, { days }) => {
  const { store, clock, measureSpace } = services;
  const now = clock.now();
  const today = Math.floor(now / dayMs);
  const first = today - (days === 0 ? usualDays : days) + 1;
  const [stored, measured, quarantinedBlobs, repositories, past] = await Promise.all([
    store.space.stored(),
    measureSpace(),
    store.blobs.countQuarantined(),
    store.space.largest({ limit: largest }),
    store.space.samples({ sinceDay: Math.min(first, today - growthDays) }),
  ]);
  const parts = spaceParts(stored, measured);
  const { fileSystem } = measured ?? {};
  const current = {
    day: today,
    storedBytes: totalOf(spaceParts(stored)),
    ...(fileSystem && { usedBytes: fileSystem.used }),
  };
  const samples = [...past.filter(({ day }) => day < today), current];
  return {
    driver: fileSystem === undefined ? 's3' : 'disk',
    totalBytes: totalOf(parts),
    parts,
    fileSystem,
    quarantinedBlobs,
    largest: repositories,
    samples: samples.filter(({ day }) => day >= first).map((sample) => ({ ...sample, start: sample.day * dayMs })),
    growth: growthOf(samples, fileSystem && fileSystem.free - fileSystem.minFree, now),
  };
});
