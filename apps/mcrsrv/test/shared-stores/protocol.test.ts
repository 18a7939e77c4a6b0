import { describe } from 'vitest';
import { testsAgain } from '../_util/tests-again.ts';
import { areInstalled, onPostgresAndS3 } from './_on-postgres-and-s3.ts';

onPostgresAndS3();

// What clients may rely on, from the files that ask it of a registry on SQLite and a disk.
describe.skipIf(!areInstalled)('on PostgreSQL and S3', async () => {
  await testsAgain('blobs/protocol.test.ts', 'shared-stores');
  await testsAgain('manifests/protocol.test.ts', 'shared-stores');
  await testsAgain('manifests/deletes.test.ts', 'shared-stores');
  await testsAgain('referrers/protocol.test.ts', 'shared-stores');
  await testsAgain('tags/protocol.test.ts', 'shared-stores');
  await testsAgain('uploads/protocol.test.ts', 'shared-stores');
  await testsAgain('uploads/ranges.test.ts', 'shared-stores');
  await testsAgain('uploads/single-posts-and-mounts.test.ts', 'shared-stores');
});
