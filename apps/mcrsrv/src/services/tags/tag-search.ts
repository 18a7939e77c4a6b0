import * as z from 'zod';

/** Tags have at most 128 characters (distribution-spec, "Pulling manifests"). */
const maxTagLength = 128;

/** What narrows a list of tags, a part of the name, and what it is sorted by. */
export const tagSearch = z.object({
  search: z.string().max(maxTagLength).optional(),
  sort: z.enum(['name', 'version', 'updated']).optional(),
});

/** What a list is sorted by that says no more than what a tag points to. */
export const tagOrder = tagSearch.shape.sort.unwrap().extract(['name', 'version']);

/** Tags to delete together. */
export const tagSelection = z.object({ tags: z.array(z.string()).min(1).max(1_000) });
