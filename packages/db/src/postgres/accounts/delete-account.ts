import type { Accounts } from '../../facets/accounts.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { keepAnAdmin } from './keep-an-admin.ts';

const remove = 'DELETE FROM accounts WHERE id = $1 RETURNING username';

export const deleteAccount: Operation<Accounts['delete']> = (connection) => (input) => {
  const { id, evenLastAdmin = false } = input;
  return connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    if (!evenLastAdmin) await keepAnAdmin(tx, id);
    const [deleted] = await tx.query<{ username: string }>(remove, [id]);
    if (deleted === undefined) return false;
    await tx.run('DELETE FROM access_tokens WHERE account_id = $1', [id]);
    await tx.run('DELETE FROM delegations WHERE account_id = $1', [id]);
    await bumpVersion(tx, 'accounts');
    const details = { account_id: id, username: deleted.username };
    await recordEvent(tx, input, { type: 'account_deleted', details });
    return true;
  });
};
