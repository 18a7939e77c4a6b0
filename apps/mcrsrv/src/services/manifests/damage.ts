import { type Digest, hasDigest, type RepositoryName } from '@mcr/core';
import { ManifestDamaged, type ManifestName } from '@mcr/db';
import type { ServiceContext } from '../context.ts';

type Parts = Pick<ServiceContext, 'store' | 'clock' | 'log'>;

/** How long a manifest that still is damaged is left alone, milliseconds. */
const restAfterReading = 600_000;

/**
 * Runs a read of a manifest. One that turns out damaged is taken out of service, and one that already is gets a second
 * look beside the request; the read fails all the same.
 */
export async function readWhole<T>(
  parts: Parts & Pick<ServiceContext, 'rechecks'>,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ManifestDamaged) {
      if (error.quarantined) recheck(parts, error);
      else await takeOut(parts, error);
    }
    throw error;
  }
}

/** Whether content from a list is what was pushed; else its manifest is taken out of service. True where there is none. */
export async function isWhole(
  parts: Parts,
  repository: RepositoryName,
  { digest, content }: { readonly digest: Digest; readonly content?: Uint8Array },
): Promise<boolean> {
  if (content === undefined || hasDigest(content, digest)) return true;
  await takeOut(parts, { repository, digest });
  return false;
}

/** A flipped bit in memory goes with the memory. */
function recheck(
  { store, clock, log, rechecks }: Parts & Pick<ServiceContext, 'rechecks'>,
  { repository, digest }: ManifestName,
): void {
  rechecks.ask(`${repository}@${digest}`, async () => {
    if (!(await store.manifests.release({ repository, digest, actor: {}, now: clock.now() }))) return restAfterReading;
    log.warn({ repository, digest }, 'manifest content is right again, it is back in service');
    return 0;
  });
}

/** The store looks again before it marks. Where it cannot be written, the next read finds the damage again. */
async function takeOut({ store, clock, log }: Parts, { repository, digest }: ManifestName): Promise<void> {
  try {
    const marked = await store.manifests.quarantine({ repository, digest, actor: {}, now: clock.now() });
    if (marked) log.error({ repository, digest }, 'manifest content is damaged, it is out of service');
  } catch (cause) {
    log.error(
      { err: cause, repository, digest },
      'manifest content is damaged, and it could not be taken out of service',
    );
  }
}
