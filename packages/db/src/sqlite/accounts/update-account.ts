import { eq } from 'drizzle-orm';
import { describePatch } from '../../common/account-changes.ts';
import type { Accounts } from '../../facets/accounts.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { accounts } from '../schema/index.ts';
import { prepareKeepAnAdmin } from './keep-an-admin.ts';

export const updateAccount: Operation<Accounts['update']> = (connection) => {
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  const keepAnAdmin = prepareKeepAnAdmin(connection);
  return (input) => {
    const { id, patch, now, evenLastAdmin = false } = input;
    return connection.write(() => {
      if (!evenLastAdmin) keepAnAdmin(id, patch);
      const [updated] = connection.db
        .update(accounts)
        .set({ ...patch, updatedAt: now })
        .where(eq(accounts.id, id))
        .returning()
        .all();
      if (updated === undefined) return undefined;
      bumpVersion('accounts');
      const details = { account_id: id, username: updated.username, ...describePatch(patch) };
      log.record(input, { type: 'account_updated', details });
      return updated;
    });
  };
};
