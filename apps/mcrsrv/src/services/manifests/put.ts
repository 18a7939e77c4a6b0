import {
  type Digest,
  digestAlgorithm,
  digestOf,
  type ParsedManifest,
  parseManifest,
  type Reference,
  RegistryError,
  type RepositoryName,
  type Tag,
} from '@mcr/core';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { requireSpace } from '../space/free-space.ts';
import { readPlatforms, summaryOf } from './platforms.ts';

/** A manifest as it is pushed. */
export interface PutManifest {
  readonly repository: RepositoryName;
  readonly reference: Reference;
  /** Tags to set beside a push by digest (end-7b). */
  readonly tags: readonly Tag[];
  readonly contentType: string | undefined;
  /** Reads the body, counting its bytes as they come; called once policy has allowed the push. */
  readonly readContent: (count: (bytes: number) => void) => Promise<Uint8Array>;
}

export interface StoredManifest {
  readonly digest: Digest;
  readonly subject?: string;
}

/**
 * Stores a manifest byte by byte as it came and sets its tags, in one step (distribution-spec, end-7). Throws
 * `MANIFEST_INVALID`, `DIGEST_INVALID`, `NO_SPACE`, `TOOMANYREQUESTS` while too many others are held in memory, and
 * `MANIFEST_BLOB_UNKNOWN` with each missing blob.
 */
export async function putManifest(
  context: ServiceContext,
  caller: Caller,
  input: PutManifest,
): Promise<StoredManifest> {
  const { repository, reference, contentType } = input;
  await authorize(context, caller, 'registry:push', repository);
  await requireSpace(context);
  using held = context.limits.bodies.meter(caller.principal.id);
  const content = await input.readContent(held.add);
  const manifest = parseManifest(content, contentType);
  const digest = digestOf(content, reference.kind === 'digest' ? digestAlgorithm(reference.digest) : 'sha256');
  if (reference.kind === 'digest' && reference.digest !== digest) {
    throw new RegistryError('DIGEST_INVALID', 'The manifest has another digest than the request says', {
      detail: { expected: reference.digest, actual: digest },
    });
  }
  const platforms = await platformsAtPush(context, repository, manifest);
  const now = context.clock.now();
  await context.store.manifests.push({
    repository,
    digest,
    mediaType: manifest.mediaType,
    ...(manifest.artifactType !== undefined && { artifactType: manifest.artifactType }),
    ...(manifest.subject !== undefined && { subject: manifest.subject }),
    content,
    blobs: manifest.blobs,
    optionalBlobs: manifest.optionalBlobs,
    children: manifest.children,
    summary: summaryOf(manifest, platforms),
    tags: reference.kind === 'tag' ? [reference.tag] : input.tags,
    reviewAfter: now + context.settings.gracePeriod,
    actor: actorOf(caller),
    now,
  });
  return { digest, ...(manifest.subject !== undefined && { subject: manifest.subject }) };
}

/** What cannot be told now is filled in later: no push waits for a config to be readable. */
async function platformsAtPush(
  context: ServiceContext,
  repository: RepositoryName,
  manifest: ParsedManifest,
): Promise<readonly string[] | undefined> {
  try {
    return await readPlatforms(context, repository, manifest);
  } catch (error) {
    context.log.warn({ err: error, repository, digest: manifest.config }, 'config could not be read for its platform');
    return undefined;
  }
}
