import { setTimeout as sleep } from 'node:timers/promises';
import type { MetadataStore } from '@mcr/db';
import type { BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';
import type { ServiceSettings } from '../settings.ts';

/** Balancers ask once a second, and wait for no longer than that. */
const remoteCheckMs = 500;

export type CheckResult = 'ok' | 'failed';

/** Whether the registry can do its work now, part by part. */
export interface Readiness {
  readonly ready: boolean;
  /** Ready, but the identity service or S3 does not respond: logins or transfers of blobs fail, the rest goes on. */
  readonly degraded: boolean;
  /** `identity` only where an external service keeps the accounts. */
  readonly checks: Readonly<Record<'database' | 'storage', CheckResult>> & { readonly identity?: CheckResult };
}

/**
 * Asks database, storage and the identity service; what goes wrong is logged and not told. Without the identity service the
 * registry is ready still: to take it out of service would stop pulls that work. So it is without S3, which is given less time than
 * balancers give a probe.
 */
export async function checkReadiness(parts: {
  readonly store: Pick<MetadataStore, 'ping'>;
  readonly blobs: Pick<BlobStore, 'check'>;
  readonly settings: Pick<ServiceSettings, 'isStorageDecisive'>;
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
  const { isStorageDecisive } = parts.settings;
  const [database, storage, isUp] = await Promise.all([
    run('database', () => parts.store.ping()),
    run('storage', () => (isStorageDecisive ? parts.blobs.check() : inTime(parts.blobs.check()))),
    parts.identityHealth?.(),
  ]);
  const ready = database === 'ok' && (storage === 'ok' || !isStorageDecisive);
  const identity = isUp === undefined ? {} : ({ identity: isUp ? 'ok' : 'failed' } as const);
  return {
    ready,
    degraded: ready && (isUp === false || storage === 'failed'),
    checks: { database, storage, ...identity },
  };
}

/** Rejects when a check takes too long; what comes of it later does not matter. */
async function inTime(check: Promise<void>): Promise<void> {
  check.catch(() => {});
  const timer = new AbortController();
  const late = sleep(remoteCheckMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no response within ${remoteCheckMs} ms`);
  });
  late.catch(() => {});
  await Promise.race([check, late]).finally(() => timer.abort());
}
