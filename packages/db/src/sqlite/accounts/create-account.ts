import { eq } from 'drizzle-orm';
import type { Accounts } from '../../facets/accounts.ts';
import { nameTaken } from '../../rejections.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { accounts, identities } from '../schema/index.ts';

export const createAccount: Operation<Accounts['create']> = (connection) => {
  const { db, write } = connection;
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  return (input) => {
    const { account, now } = input;
    const { id, username, type, roles } = account;
    return write(() => {
      const taken = db.select({ id: accounts.id }).from(accounts).where(eq(accounts.username, username)).get();
      const person = db.select({ id: identities.id }).from(identities).where(eq(identities.username, username)).get();
      if (taken !== undefined || person !== undefined) throw nameTaken(username);
      const created = db
        .insert(accounts)
        .values({ ...account, enabled: true, createdAt: now, updatedAt: now })
        .returning()
        .get();
      bumpVersion('accounts');
      const details = { account_id: id, username, type, roles: roles.join(',') };
      log.record(input, { type: 'account_created', details });
      return created;
    });
  };
};
