import type { RepositoryName } from '@mcr/core';
import type { Page, TagDetails, TagOrder } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { isWhole } from '../manifests/damage.ts';
import { platformsOf } from '../manifests/platforms.ts';
import { mapSome } from '../map-some.ts';
import { authorize } from '../policy/authorize.ts';
import { type Slice, takeSlice } from '../slice.ts';

/** A tag with the platforms of what it points to. */
export type TagListing = Omit<TagDetails, 'content'> & { readonly platforms: readonly string[] };

/** A page of tags, and where the next one continues. */
export interface TagSlice extends Slice<TagListing> {
  readonly cursor?: string;
}

/** One page of tags with what people want to know of them. `NAME_UNKNOWN`. */
export async function listTagDetails(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  page: Page & { readonly search?: string; readonly order?: TagOrder },
): Promise<TagSlice> {
  await authorize(context, caller, 'registry:pull', repository);
  const read = await context.store.listTagDetails(repository, { ...page, limit: page.limit + 1 });
  const { items, more } = takeSlice(page.limit, read);
  const listed = await mapSome(items, async ({ content, ...tag }) => ({
    ...tag,
    platforms:
      content !== undefined && (await isWhole(context, repository, { digest: tag.digest, content }))
        ? await platformsOf(context, repository, content)
        : [],
  }));
  const last = items.at(-1);
  if (last === undefined) return { items: [], more };
  const cursor = page.order === 'updated' ? `${last.updatedAt} ${last.name}` : last.name;
  return { items: listed, more, cursor };
}
