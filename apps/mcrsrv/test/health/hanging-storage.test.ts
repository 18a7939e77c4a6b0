import { createLogger } from '@mcr/server-kit/logger';
import { expect, test } from 'vitest';
import { checkReadiness } from '../../src/services/health/ready.ts';

const log = createLogger('fatal', { write: () => {} });
const hanging = { store: { ping: async () => {} }, blobs: { check: () => new Promise<void>(() => {}) }, log };

test('S3 that hangs is reported, and holds no probe back', async () => {
  const readiness = await checkReadiness({ ...hanging, settings: { isStorageDecisive: false } });
  expect(readiness).toEqual({ ready: true, degraded: true, checks: { database: 'ok', storage: 'failed' } });
});
