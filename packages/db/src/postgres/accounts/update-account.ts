import type { Account } from '@mcr/core';
import { describePatch } from '../../common/account-changes.ts';
import type { Accounts } from '../../facets/accounts.ts';
import { recordEvent } from '../audit/record-event.ts';
import { jsonb } from '../connection/values.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { accountColumns } from './find-account.ts';
import { keepAnAdmin } from './keep-an-admin.ts';

const update = `UPDATE accounts SET password_hash = coalesce($2, password_hash), enabled = coalesce($3, enabled),
  roles = coalesce($4, roles), updated_at = $5 WHERE id = $1 RETURNING ${accountColumns}`;

export const updateAccount: Operation<Accounts['update']> = (connection) => (input) => {
  const { id, patch, now, evenLastAdmin = false } = input;
  const { passwordHash, enabled, roles } = patch;
  return connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    if (!evenLastAdmin) await keepAnAdmin(tx, id, patch);
    const values = [id, passwordHash, enabled, roles && jsonb(roles), now];
    const [updated] = await tx.query<Account>(update, values);
    if (updated === undefined) return undefined;
    await bumpVersion(tx, 'accounts');
    const details = { account_id: id, username: updated.username, ...describePatch(patch) };
    await recordEvent(tx, input, { type: 'account_updated', details });
    return updated;
  });
};
