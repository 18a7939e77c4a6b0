import type { Account } from '@mcr/core';
import type { Page } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { type Slice, takeSlice } from '../slice.ts';
import { requireLocalAccounts } from './require-local.ts';

/** One page of local accounts by name. Admin only. */
export async function listAccounts(context: ServiceContext, caller: Caller, page: Page): Promise<Slice<Account>> {
  await requireLocalAccounts(context, caller, 'list accounts');
  return takeSlice(page.limit, await context.store.listAccounts({ ...page, limit: page.limit + 1 }));
}
