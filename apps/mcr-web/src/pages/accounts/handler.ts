import { randomBytes } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import { afterCreation, isForScript } from '../../http/creation.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { field, listField } from '../../http/form.ts';
import { keptNote } from '../../http/kept-form.ts';
import { backToList, listUrl } from '../../http/list-url.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { problemOf, unless } from '../../registry/unless.ts';
import { type NewAccount, newAccount } from './props.ts';
import { accountsView, elsewhereView } from './view.ts';

const pageSize = 50;

/**
 * `GET /accounts`: the local accounts; `?reset=ID` opens the password form of one, `?roles=ID` the form for its roles.
 */
export function accountsPage(context: WebContext): Handler<AppEnv> {
  return (c) => show(context, c);
}

/** For a program that logs in with tokens alone: 256 bits, which no one ever knows. */
const unknownPassword = () => randomBytes(32).toString('base64url');

/** `POST /accounts`: creates an account; that of a program leads on to the tokens that it logs in with. */
export function createAccount(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const { form } = c.var;
    const [username, accountType] = [field(form, 'username'), field(form, 'account_type')];
    const isProgram = accountType === 'system';
    const typed = form.get('password') ?? '';
    const password = isProgram && typed === '' ? unknownPassword() : typed;
    const account = { username, accountType, roles: listField(form, 'roles'), password };
    let created: string | undefined;
    const create = async () => {
      const response = await context.registry.admin.createAccount(account, asCaller(c));
      created = response.account?.id;
    };
    const problem = keptNote(c) ?? (await problemOf(create()));
    if (problem !== undefined) {
      return show(context, c, { typed: { username, accountType, roles: field(form, 'roles'), problem } });
    }
    const message = `Created the account ${username}.`;
    if (isProgram) return toTokens(c, username, message);
    return await afterCreation(c, { list: '/accounts', message, show: () => show(context, c, { created }) });
  };
}

/** A program has no use for its account before it has a token. */
function toTokens(c: Context<AppEnv>, account: string, message: string): Response {
  setFlash(c, `${message} It logs in with a token: create one here.`);
  const path = `/tokens?${new URLSearchParams({ account }).toString()}`;
  if (!isForScript(c)) return c.redirect(path, 303);
  c.header('HX-Redirect', path);
  return c.body(null, 204);
}

/** `POST /accounts/:id/password`: sets the password of an account. */
export function resetPassword(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = c.req.param('id') ?? '';
    const reset = async () => {
      const password = c.var.form.get('password') ?? '';
      const { account } = await context.registry.admin.updateAccount({ id, password }, asCaller(c));
      setFlash(c, `Changed the password of ${account?.username ?? 'the account'}.`);
    };
    const problem = await problemOf(reset());
    return problem === undefined
      ? backToList(c, '/accounts')
      : show(context, c, { resetting: id, resetProblem: problem });
  };
}

/** `POST /accounts/:id/roles`: replaces the roles of an account. */
export function changeRoles(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = c.req.param('id') ?? '';
    const roles = listField(c.var.form, 'roles');
    const change = async () => {
      const { account } = await context.registry.admin.updateAccount({ id, roles: { values: roles } }, asCaller(c));
      const names = account?.roles ?? [];
      const what = names.length === 0 ? 'no roles' : `the roles ${names.join(', ')}`;
      setFlash(c, `${account?.username ?? 'The account'} has ${what}.`);
    };
    const problem = keptNote(c) ?? (await problemOf(change()));
    return problem === undefined
      ? backToList(c, '/accounts')
      : show(context, c, { changing: id, roles: field(c.var.form, 'roles'), rolesProblem: problem });
  };
}

/** `POST /accounts/:id/enabled`: enables or disables an account. */
export function switchAccount({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = c.req.param('id') ?? '';
    const enabled = c.var.form.get('enabled') === 'true';
    const { account } = await registry.admin.updateAccount({ id, enabled }, asCaller(c));
    setFlash(c, `${account?.username ?? 'The account'} is ${enabled ? 'enabled' : 'disabled'}.`);
    return backToList(c, '/accounts');
  };
}

/** The rejected values of a form, or what was created. */
interface Attempt {
  readonly typed?: NewAccount;
  readonly created?: string | undefined;
  readonly resetting?: string;
  readonly resetProblem?: string;
  readonly changing?: string;
  readonly roles?: string;
  readonly rolesProblem?: string;
}

async function show({ registry, clock }: WebContext, c: Context<AppEnv>, attempt: Attempt = {}): Promise<Response> {
  const url = listUrl(c, '/accounts');
  const { typed = newAccount, resetting = url.searchParams.get('reset') ?? '', resetProblem } = attempt;
  const { changing = url.searchParams.get('roles') ?? '', roles, rolesProblem, created } = attempt;
  const pageToken = url.searchParams.get('page') ?? '';
  const list = await registry.admin
    .listAccounts({ pageSize, pageToken }, asCaller(c))
    .catch(unless([Code.Unimplemented], () => undefined));
  if (list === undefined) return respond(c, elsewhereView());
  const open = { resetting, resetProblem, changing, roles, rolesProblem };
  const props = { csrf: c.var.csrf, url, list, ...open, typed, created, now: clock.now() };
  const isRejected = (typed.problem ?? resetProblem ?? rolesProblem) !== undefined;
  return respond(c, accountsView(props), isRejected ? 422 : 200);
}
