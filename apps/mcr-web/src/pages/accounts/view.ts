import type { Account, ListAccountsResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import { html } from 'hono/html';
import { mcrctl, option } from '../../ui/commands.ts';
import { age } from '../../ui/format.ts';
import { csrfField, problemNote, select } from '../../ui/forms.ts';
import { badge, copyButton, pager, withQuery } from '../../ui/fragments.ts';
import type { Fragment, Page } from '../../ui/page.ts';

const minPasswordLength = 8;
const passwordHint = html`<p id="password-hint" class="hint">At least ${minPasswordLength} characters.</p>`;

/** The values of the account form without the password, and why they were rejected. */
export interface NewAccount {
  readonly username: string;
  readonly accountType: string;
  readonly roles: string;
  readonly problem?: string;
}

/** Initial values of the form. */
export const newAccount: NewAccount = { username: '', accountType: 'human', roles: 'user' };

/** Properties of the page. */
export interface AccountsProps {
  readonly csrf: string;
  readonly url: URL;
  readonly list: ListAccountsResponse;
  /** Id of the account whose password is being set. */
  readonly resetting: string;
  /** Why the new password was rejected. */
  readonly resetProblem: string | undefined;
  /** Id of the account whose roles are being changed. */
  readonly changing: string;
  /** The rejected roles, and why. */
  readonly roles: string | undefined;
  readonly rolesProblem: string | undefined;
  /** Initial values of the form for a new account. */
  readonly typed: NewAccount;
  readonly now: number;
}

/** The local accounts, and the form for a new one. */
export function accountsView(props: AccountsProps): Page {
  const { csrf, url, list, typed } = props;
  const content = html`<h1>Accounts</h1>
<table class="wide"><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Roles</th><th scope="col">State</th><th scope="col" class="number">Created</th><th scope="col">Id</th><th scope="col">Actions</th></tr></thead><tbody>
${list.accounts.map((account) => row(props, account))}
</tbody></table>
${pager(url, list.nextPageToken)}
<section aria-labelledby="create" class="panel"><h2 id="create">New account</h2>
<form method="post" action="/accounts" class="stack">${csrfField(csrf)}
${problemNote(typed.problem)}
<label>Name <input name="username" value="${typed.username}" required pattern="[a-z0-9][a-z0-9._\\-]*" maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="name-hint"></label>
<p id="name-hint" class="hint">Lower-case letters, digits, dots, underscores and hyphens.</p>
${select('account_type', 'Type', typed.accountType, [
  ['human', 'human, for a person'],
  ['system', 'system, for a program'],
])}
<label>Roles, separated by commas <input name="roles" value="${typed.roles}" autocomplete="off" spellcheck="false" aria-describedby="roles-hint"></label>
<p id="roles-hint" class="hint"><code>admin</code> may do everything; rules name other roles.</p>
<label>Password <input type="password" name="password" required minlength="${minPasswordLength}" autocomplete="new-password" aria-describedby="password-hint"></label>
${passwordHint}
<button class="primary">Create account</button></form></section>`;
  return {
    title: 'Accounts',
    command: accountsCommand(props),
    content,
  };
}

function accountsCommand({ list, resetting, changing }: AccountsProps): string {
  const reset = list.accounts.find(({ id }) => id === resetting);
  if (reset !== undefined) return mcrctl('account', 'passwd', reset.username);
  const changed = list.accounts.find(({ id }) => id === changing);
  if (changed === undefined) return mcrctl('account', 'list');
  const roles = changed.roles.flatMap((role) => option('role', role));
  return mcrctl('account', 'update', changed.username, roles.length === 0 ? ['--no-roles'] : roles);
}

/** Another identity provider manages the accounts. */
export function elsewhereView(): Page {
  const content = html`<h1>Accounts</h1>
<p>Accounts are managed by MCIAS, the identity provider of this registry: create and change them there. What they may do is
decided here, by <a href="/policies">policies</a>.</p>`;
  return { title: 'Accounts', content };
}

function row(props: AccountsProps, account: Account): Fragment {
  const { csrf, url, resetting, changing, now } = props;
  const query = withQuery(url, { reset: undefined, roles: undefined }).slice(url.pathname.length);
  const { id, username, accountType, roles, enabled, createdAt } = account;
  const actions =
    resetting === id
      ? resetForm(props, account, query)
      : changing === id
        ? rolesForm(props, account, query)
        : html`<a href="${withQuery(url, { reset: id, roles: undefined })}" aria-label="Reset password… of ${username}">Reset password…</a>
<a href="${withQuery(url, { roles: id, reset: undefined })}" aria-label="Change roles… of ${username}">Change roles…</a>
<form method="post" action="/accounts/${id}/enabled${query}" class="inline">${csrfField(csrf)}<button name="enabled" value="${String(!enabled)}" aria-label="${enabled ? 'Disable' : 'Enable'} ${username}">${enabled ? 'Disable' : 'Enable'}</button></form>`;
  return html`<tr><td>${username}</td><td data-label="Type">${accountType}</td><td data-label="Roles">${roles.join(', ')}</td><td data-label="State">${badge(enabled ? 'ok' : 'bad', enabled ? 'enabled' : 'disabled')}</td><td class="number" data-label="Created">${age(createdAt, now)}</td><td data-label="Id"><span class="nowrap"><code title="${id}">${id.slice(0, 8)}</code> ${copyButton(id, `id of ${username}`)}</span></td><td class="actions" data-label="Actions">${actions}</td></tr>`;
}

function resetForm({ csrf, url, resetProblem }: AccountsProps, { id, username }: Account, query: string): Fragment {
  return html`<form method="post" action="/accounts/${id}/password${query}" class="inline">${csrfField(csrf)}${problemNote(resetProblem)}<label>New password of ${username}, at least ${minPasswordLength} characters <input type="password" name="password" required minlength="${minPasswordLength}" autocomplete="new-password" autofocus></label> <button>Set password</button> <a href="${withQuery(url, { reset: undefined })}">Cancel</a></form>`;
}

function rolesForm({ csrf, url, roles, rolesProblem }: AccountsProps, account: Account, query: string): Fragment {
  const { id, username } = account;
  return html`<form method="post" action="/accounts/${id}/roles${query}" class="inline">${csrfField(csrf)}${problemNote(rolesProblem)}<label>Roles of ${username}, separated by commas <input name="roles" value="${roles ?? account.roles.join(', ')}" autocomplete="off" spellcheck="false" autofocus></label> <button>Set roles</button> <a href="${withQuery(url, { roles: undefined })}">Cancel</a></form>`;
}
