import type { MetadataStore } from '@mcr/db';
import type { BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';

export type CheckResult = 'ok' | 'failed';

/** Whether the registry can do its work now, part by part. */
export interface Readiness {
  readonly ready: boolean;
  /** Ready, but the identity service does not respond: tokens that are known are accepted, logins fail. */
  readonly degraded: boolean;
  /** `identity` only where an external service keeps the accounts. */
  readonly checks: Readonly<Record<'database' | 'storage', CheckResult>> & { readonly identity?: CheckResult };
}

/**
 * Asks database, storage and the identity service; what goes wrong is logged and not told. Without the identity service the
 * registry is ready still: to take it out of service would stop pulls that work.
 */
export async function checkReadiness(parts: {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly log: Logger;
  readonly identityHealth?: (() => Promise<boolean>) | undefined;
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
  const [database, storage, isUp] = await Promise.all([
    run('database', () => parts.store.ping()),
    run('storage', () => parts.blobs.check()),
    parts.identityHealth?.(),
  ]);
  const ready = database === 'ok' && storage === 'ok';
  const identity = isUp === undefined ? {} : ({ identity: isUp ? 'ok' : 'failed' } as const);
  return { ready, degraded: ready && isUp === false, checks: { database, storage, ...identity } };
}
