import { requirePostgres, requireS3Server, sharedPostgres, sharedS3Server } from '@mcr/testkit';
import { afterAll, beforeAll, vi } from 'vitest';

/** Whether PostgreSQL and an S3 server are installed, as they must be in CI. */
export const areInstalled = [requirePostgres(15), requireS3Server('versitygw')].every(Boolean);

/** So long both may take to start on a busy machine. */
const startMs = 120_000;

/** Registries of this file have their database in PostgreSQL, and their blobs in S3. */
export function onPostgresAndS3(): void {
  beforeAll(async () => {
    if (!areInstalled) return;
    await Promise.all([sharedPostgres(15), sharedS3Server()]);
    vi.stubEnv('MCR_TEST_DATABASE', 'postgres');
    vi.stubEnv('MCR_TEST_BLOBS', 's3');
  }, startMs);
  afterAll(() => void vi.unstubAllEnvs());
}
