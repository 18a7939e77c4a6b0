import { eq } from 'drizzle-orm';
import type { Accounts } from '../../facets/accounts.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { accessTokens, accounts, delegations } from '../schema/index.ts';
import { prepareKeepAnAdmin } from './keep-an-admin.ts';

export const deleteAccount: Operation<Accounts['delete']> = (connection) => {
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  const keepAnAdmin = prepareKeepAnAdmin(connection);
  return (input) => {
    const { id, evenLastAdmin = false } = input;
    return connection.write(() => {
      if (!evenLastAdmin) keepAnAdmin(id);
      const [deleted] = connection.db
        .delete(accounts)
        .where(eq(accounts.id, id))
        .returning({ username: accounts.username })
        .all();
      if (deleted === undefined) return false;
      connection.db.delete(accessTokens).where(eq(accessTokens.accountId, id)).run();
      connection.db.delete(delegations).where(eq(delegations.accountId, id)).run();
      bumpVersion('accounts');
      log.record(input, { type: 'account_deleted', details: { account_id: id, username: deleted.username } });
      return true;
    });
  };
};
