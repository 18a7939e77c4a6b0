import type { MetadataStore } from '@mcr/db';
import type { BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';

export type CheckResult = 'ok' | 'failed';

/** Whether the registry can do its work now, part by part. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<'database' | 'storage', CheckResult>>;
}

/** Asks database and storage; what goes wrong is logged and not told. */
export async function checkReadiness(parts: {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly log: Logger;
}): Promise<Readiness> {
  const run = async (name: string, check: () => Promise<void>): Promise<CheckResult> => {
    try {
      await check();
      return 'ok';
    } catch (error) {
      parts.log.error({ err: error, check: name }, 'readiness check failed');
      return 'failed';
    }
  };
  const [database, storage] = await Promise.all([
    run('database', () => parts.store.ping()),
    run('storage', () => parts.blobs.check()),
  ]);
  return { ready: database === 'ok' && storage === 'ok', checks: { database, storage } };
}
