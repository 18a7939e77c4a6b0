import { expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import { transports } from '../_util/transports.ts';

const api = useAdminApi();

test('statistics count what is stored, over every transport alike', async () => {
  const statistics = () =>
    Promise.all(
      transports.map(async (transport) => {
        const { $typeName: _, ...counts } = await api().over(transport).admin.getStatistics({});
        return counts;
      }),
    );
  const none = { repositories: 0, manifests: 0, tags: 0, blobs: 0, blobBytes: 0n, uploads: 0 };
  expect(await statistics()).toEqual(transports.map(() => none));
  const { blobs } = await seedImage(api().server, 'counted/app', ['v1', 'v2']);
  const blobBytes = blobs.reduce((sum, { size }) => sum + BigInt(size), 0n);
  const some = { repositories: 1, manifests: 1, tags: 2, blobs: blobs.length, blobBytes, uploads: 0 };
  expect(await statistics()).toEqual(transports.map(() => some));
});
