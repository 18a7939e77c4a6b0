import { setImmediate } from 'node:timers/promises';
import { type Digest, describeReferrer, type ReferrerDescriptor, type RepositoryName } from '@mcr/core';
import type { Page } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { annotationsOf } from '../manifests/listed.ts';
import { authorize } from '../policy/authorize.ts';
import type { Slice } from '../slice.ts';

/** Clients reject indexes beyond 4 MiB; a page ends before that. */
const maxPageBytes = 3 * 1024 * 1024;
/** Of manifests that have 4 MiB each, a page shows four, whether they are read for it or not: pages end where they did. */
const maxSizes = 16 * 1024 * 1024;
/** Manifests, and bytes of annotations or content, that are read and parsed before others have their turn. */
const readSize = 100;
const readBytes = 1024 * 1024;

/** One page of the manifests whose subject is `subject` (distribution-spec, end-12); empty where nothing is known. */
export async function listReferrers(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  subject: Digest,
  page: Page & { readonly artifactType?: string },
): Promise<Slice<ReferrerDescriptor>> {
  await authorize(context, caller, 'registry:pull', repository);
  const items: ReferrerDescriptor[] = [];
  let after = page.after;
  let sizes = 0;
  for (let bytes = 0; ; await setImmediate()) {
    const manifests = await context.store.manifests.listReferrers(repository, subject, {
      ...(page.artifactType !== undefined && { artifactType: page.artifactType }),
      ...(after !== undefined && { after }),
      limit: readSize,
      maxBytes: readBytes,
    });
    for (const manifest of manifests) {
      sizes += manifest.size;
      if (items.length === page.limit) return { items, more: page.limit > 0 };
      if (items.length > 0 && sizes > maxSizes) return { items, more: true };
      const annotations = await annotationsOf(context, repository, manifest);
      if (annotations === undefined) continue;
      const descriptor = describeReferrer(manifest, annotations);
      bytes += Buffer.byteLength(JSON.stringify(descriptor));
      if (items.length > 0 && bytes > maxPageBytes) return { items, more: true };
      items.push(descriptor);
    }
    after = manifests.at(-1)?.digest;
    if (after === undefined) return { items, more: false };
  }
}
