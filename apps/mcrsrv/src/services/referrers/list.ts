import { type Digest, describeReferrer, type ReferrerDescriptor, type RepositoryName } from '@mcr/core';
import type { Page } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import type { Slice } from '../slice.ts';

/** Clients refuse indexes beyond 4 MiB; a page ends before that. */
const maxPageBytes = 3 * 1024 * 1024;
/** Manifests read at a time: each may have 4 MiB of annotations. */
const readSize = 16;

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
  for (let bytes = 0; ; ) {
    const manifests = await context.store.listReferrers(repository, subject, {
      ...(page.artifactType !== undefined && { artifactType: page.artifactType }),
      ...(after !== undefined && { after }),
      limit: readSize,
    });
    for (const manifest of manifests) {
      const descriptor = describeReferrer(manifest);
      bytes += Buffer.byteLength(JSON.stringify(descriptor));
      const full = items.length === page.limit || (items.length > 0 && bytes > maxPageBytes);
      if (full) return { items, more: page.limit > 0 };
      items.push(descriptor);
    }
    if (manifests.length < readSize) return { items, more: false };
    after = manifests[manifests.length - 1]!.digest;
  }
}
