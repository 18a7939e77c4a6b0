import type { AccessToken } from '../../facets/tokens.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { accessTokens } from '../schema/index.ts';

/** A token as the store's callers see it: without the hashes of its secrets. */
export function tokenOf(row: typeof accessTokens.$inferSelect): AccessToken {
  const { secretHash: _, previousHash: __, ...rest } = row;
  return withoutNulls(rest);
}
