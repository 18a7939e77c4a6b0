import type { RepositoryName } from '@mcr/core';
import type { Page } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize, policyInput } from '../policy/authorize.ts';
import type { Slice } from '../slice.ts';

/** Names looked at for one page, so that a caller who may see few of many repositories costs a bounded amount. */
const maxExamined = 20_000;
const readSize = 1_000;

/** A page of the catalog; it may be short, or even empty, and still have more behind `examinedTo`. */
export interface CatalogPage extends Slice<RepositoryName> {
  /** Where the next page continues. */
  readonly examinedTo?: RepositoryName;
}

/** One page of the repositories that the caller may pull from, in bytewise order. */
export async function listCatalog(context: ServiceContext, caller: Caller, page: Page): Promise<CatalogPage> {
  await authorize(context, caller, 'registry:catalog');
  if (page.limit === 0) return { items: [], more: false };
  const policy = await context.policy.current();
  const items: RepositoryName[] = [];
  let after = page.after;
  for (let examined = 0; examined < maxExamined; ) {
    const names = await context.store.listRepositories({ ...(after !== undefined && { after }), limit: readSize });
    for (const name of names) {
      if (policy.evaluate(policyInput(caller, 'registry:pull', name)).effect === 'deny') continue;
      if (items.length === page.limit) return { items, more: true, examinedTo: items[items.length - 1]! };
      items.push(name);
    }
    if (names.length < readSize) return { items, more: false };
    examined += names.length;
    after = names[names.length - 1]!;
  }
  return { items, more: true, examinedTo: after as RepositoryName };
}
