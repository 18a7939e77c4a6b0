import type { Account } from '@mcr/core';
import type { Accounts } from '../../facets/accounts.ts';
import { nameTaken } from '../../rejections.ts';
import { recordEvent } from '../audit/record-event.ts';
import { jsonb } from '../connection/values.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { accountColumns } from './find-account.ts';

const insert = `INSERT INTO accounts (id, username, type, roles, password_hash, enabled, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, true, $6, $6) ON CONFLICT (username) DO NOTHING RETURNING ${accountColumns}`;

export const createAccount: Operation<Accounts['create']> = (connection) => (input) => {
  const { account, now } = input;
  const { id, username, type, roles, passwordHash } = account;
  return connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    if ((await tx.query('SELECT 1 FROM identities WHERE username = $1', [username])).length > 0)
      throw nameTaken(username);
    const [created] = await tx.query<Account>(insert, [id, username, type, jsonb(roles), passwordHash, now]);
    if (created === undefined) throw nameTaken(username);
    await bumpVersion(tx, 'accounts');
    const details = { account_id: id, username, type, roles: roles.join(',') };
    await recordEvent(tx, input, { type: 'account_created', details });
    return created;
  });
};
