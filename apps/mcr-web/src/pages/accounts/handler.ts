import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { field, listField } from '../../http/form.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { accountsView } from './view.ts';

const pageSize = 50;

/** `GET /accounts`: the registry's own accounts; `?reset=ID` opens the form for a new password of one. */
export function accountsPage({ registry, clock }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const url = new URL(c.req.url);
    const pageToken = url.searchParams.get('page') ?? '';
    const list = await registry.admin.listAccounts({ pageSize, pageToken }, asCaller(c));
    const resetting = url.searchParams.get('reset') ?? '';
    return respond(c, accountsView({ csrf: c.var.csrf, url, list, resetting, now: clock.now() }));
  };
}

/** `POST /accounts`: adds an account. */
export function createAccount({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const { form } = c.var;
    const account = {
      username: field(form, 'username'),
      accountType: field(form, 'account_type'),
      roles: listField(form, 'roles'),
      password: form.get('password') ?? '',
    };
    await registry.admin.createAccount(account, asCaller(c));
    setFlash(c, `Created the account ${account.username}.`);
    return c.redirect('/accounts', 303);
  };
}

/** `POST /accounts/:id/password`: gives an account another password. */
export function resetPassword({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = c.req.param('id') ?? '';
    const password = c.var.form.get('password') ?? '';
    const { account } = await registry.admin.updateAccount({ id, password }, asCaller(c));
    setFlash(c, `Changed the password of ${account?.username ?? 'the account'}.`);
    return c.redirect('/accounts', 303);
  };
}

/** `POST /accounts/:id/enabled`: lets an account in, or locks it out. */
export function switchAccount({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = c.req.param('id') ?? '';
    const enabled = c.var.form.get('enabled') === 'true';
    const { account } = await registry.admin.updateAccount({ id, enabled }, asCaller(c));
    setFlash(c, `${account?.username ?? 'The account'} is ${enabled ? 'enabled' : 'disabled'}.`);
    return c.redirect('/accounts', 303);
  };
}
