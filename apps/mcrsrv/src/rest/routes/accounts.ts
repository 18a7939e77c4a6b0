import * as z from 'zod';
import { accountInput, accountPatch } from '../../services/accounts/account-input.ts';
import { createAccount } from '../../services/accounts/create.ts';
import { deleteAccount } from '../../services/accounts/delete.ts';
import { listAccounts } from '../../services/accounts/list.ts';
import { updateAccount } from '../../services/accounts/update.ts';
import { pageAnswer, pageOf } from '../page.ts';
import { signedIn } from '../route.ts';
import { accountAnswer, accountParam, pageQuery } from '../schemas.ts';
import { accountShape } from '../shapes.ts';

const path = '/v1/accounts';

export const getAccounts = signedIn({
  method: 'GET',
  path,
  access: { admin: 'list accounts' },
  summary: 'Local accounts by name',
  query: pageQuery,
  answer: { status: 200, description: 'A page', schema: z.object({ accounts: z.array(accountAnswer) }) },
  handle: async ({ services, caller, query }) => {
    const { items, more } = await listAccounts(services, caller, pageOf(query));
    const next = more && { path, query: { n: query.n, last: items.at(-1)?.username } };
    return pageAnswer({ accounts: items.map(accountShape) }, next);
  },
});

export const postAccount = signedIn({
  method: 'POST',
  path,
  access: { admin: 'create account' },
  summary: 'Create a local account',
  body: accountInput,
  answer: { status: 201, description: 'The account', schema: accountAnswer },
  handle: async ({ services, caller, body }) => ({
    status: 201,
    body: accountShape(await createAccount(services, caller, body)),
  }),
});

export const patchAccount = signedIn({
  method: 'PATCH',
  path: `${path}/{id}`,
  access: { admin: 'update account' },
  summary: 'Change password, roles or the enabled flag of a local account, in force at once',
  params: accountParam,
  body: accountPatch,
  answer: { status: 200, description: 'The account as it is now', schema: accountAnswer },
  handle: async ({ services, caller, params: { id }, body }) => ({
    status: 200,
    body: accountShape(await updateAccount(services, caller, id, body)),
  }),
});

export const deleteAccountRoute = signedIn({
  method: 'DELETE',
  path: `${path}/{id}`,
  access: { admin: 'delete account' },
  summary: 'Delete a local account; what it pushed stays',
  params: accountParam,
  answer: { status: 204, description: 'It is gone' },
  handle: async ({ services, caller, params: { id } }) => {
    await deleteAccount(services, caller, id);
    return { status: 204 };
  },
});
