import { setImmediate } from 'node:timers/promises';
import { type RepositoryName, timeSlices } from '@mcr/core';
import type { Page } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { policyInput } from '../policy/authorize.ts';
import type { Slice } from '../slice.ts';

/** Repositories read at a time at most: as many as the longest page has. */
const maxRead = 1_000;

/** A page of what the caller may see. */
export interface VisiblePage<Item> extends Slice<Item> {
  /** Where the next page continues, after the last item of this one. */
  readonly cursor?: string;
}

/**
 * Reads repositories in order and keeps those that the caller may pull from, until the page is full or the list ends. A
 * page that ended earlier would have to name, as its cursor, a repository that may not be seen.
 */
export async function takeVisible<Item>(
  context: Pick<ServiceContext, 'policy'>,
  caller: Caller,
  page: Page,
  read: (page: Page) => Promise<readonly Item[]>,
  nameOf: (item: Item) => RepositoryName,
  cursorOf: (item: Item) => string = nameOf,
): Promise<VisiblePage<Item>> {
  if (page.limit === 0) return { items: [], more: false };
  const items: Item[] = [];
  let cursor: string | undefined;
  let after = page.after;
  // Others are served in between, however much of the list the caller may not see, and however many rules there are.
  const nextStep = timeSlices();
  for (let limit = page.limit + 1; ; limit = Math.max(limit, Math.min(2 * limit, maxRead))) {
    const isVisible = (await context.policy.current()).allowedIn(policyInput(caller, 'registry:pull'));
    const slice = await read({ ...(after !== undefined && { after }), limit });
    for (const item of slice) {
      await nextStep();
      if (!isVisible(nameOf(item))) continue;
      if (cursor !== undefined && items.length === page.limit) return { items, more: true, cursor };
      items.push(item);
      cursor = cursorOf(item);
    }
    const last = slice.at(-1);
    if (last === undefined || slice.length < limit) return { items, more: false };
    after = cursorOf(last);
    await setImmediate();
  }
}
