import type { RepositoryName } from '@mcr/core';
import type { Page } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { policyInput } from '../policy/authorize.ts';
import type { Slice } from '../slice.ts';

/** Repositories looked at for one page, so that a caller who may see few of many costs a bounded amount. */
const maxExamined = 20_000;

/** A page of what the caller may see; it may be short, or even empty, and still have more behind `examinedTo`. */
export interface VisiblePage<Item> extends Slice<Item> {
  /** Where the next page continues. */
  readonly examinedTo?: string;
}

/** Reads repositories in order and keeps those that the caller may pull from, until the page is full. */
export async function takeVisible<Item>(
  context: ServiceContext,
  caller: Caller,
  page: Page,
  read: (page: Page) => Promise<readonly Item[]>,
  nameOf: (item: Item) => RepositoryName,
  cursorOf: (item: Item) => string = nameOf,
): Promise<VisiblePage<Item>> {
  if (page.limit === 0) return { items: [], more: false };
  const policy = await context.policy.current();
  const items: Item[] = [];
  const limit = page.limit + 1;
  let after = page.after;
  let kept: string | undefined;
  for (let examined = 0; examined < maxExamined; examined += limit) {
    const slice = await read({ ...(after !== undefined && { after }), limit });
    for (const item of slice) {
      const name = nameOf(item);
      if (policy.evaluate(policyInput(caller, 'registry:pull', name)).effect === 'allow') {
        // The cursor is shown to the caller, so it does not name what lies between and may not be seen.
        if (items.length === page.limit) return { items, more: true, ...(kept !== undefined && { examinedTo: kept }) };
        items.push(item);
        kept = cursorOf(item);
      }
      after = cursorOf(item);
    }
    if (slice.length < limit) return { items, more: false };
  }
  return { items, more: true, ...(after !== undefined && { examinedTo: after }) };
}
