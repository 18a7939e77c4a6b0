import { describe, test } from 'vitest';
import { cells, mustGetWhatIsOwed, rowTimeoutMs, useWorld } from '../access/_matrix.ts';
import { areInstalled, onPostgresAndS3 } from './_on-postgres-and-s3.ts';

/** Takes snapshots, which only SQLite has. */
const snapshots = ['POST /v1/snapshots', 'mcr.v1.AdminService/Snapshot'];

onPostgresAndS3();

describe.skipIf(!areInstalled)('of two replicas on PostgreSQL and S3 a caller gets what it is owed:', () => {
  useWorld(2);

  test.each(cells)(
    '$title',
    ({ row, title }) => mustGetWhatIsOwed(row, snapshots.includes(title) ? '405' : 'yes'),
    rowTimeoutMs,
  );
});
