import { describe } from 'vitest';
import { areInstalled, onPostgresAndS3 } from './_on-postgres-and-s3.ts';

onPostgresAndS3();

// What clients may rely on, from the files that ask it of a registry on SQLite and a disk.
describe.skipIf(!areInstalled)('on PostgreSQL and S3', async () => {
  await import('../blobs/protocol.test.ts');
  await import('../manifests/protocol.test.ts');
  await import('../manifests/deletes.test.ts');
  await import('../referrers/protocol.test.ts');
  await import('../tags/protocol.test.ts');
  await import('../uploads/protocol.test.ts');
  await import('../uploads/ranges.test.ts');
  await import('../uploads/single-posts-and-mounts.test.ts');
});
