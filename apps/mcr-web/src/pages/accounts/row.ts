import type { Account } from '@mcr/rpc/mcr/v1/admin_pb';
import { html } from 'hono/html';
import { age } from '../../ui/format.ts';
import { csrfField, plain, problemNote, switchButton, textField } from '../../ui/forms.ts';
import { newRow, withQuery } from '../../ui/lists.ts';
import { menu, menuCopy, menuLink } from '../../ui/menu.ts';
import type { Fragment } from '../../ui/page.ts';
import type { AccountsProps } from './props.ts';

/** Characters of a password, at least. */
export const minPasswordLength = 8;

/** An account: its switch, its menu, and the form that the menu opened. */
export function accountRow(props: AccountsProps, account: Account): Fragment {
  const { csrf, url, resetting, changing, created, now } = props;
  const query = withQuery(url, { reset: undefined, roles: undefined }).slice(url.pathname.length);
  const { id, username, accountType, roles, enabled, createdAt } = account;
  const form =
    resetting === id ? resetForm(props, account, query) : changing === id ? rolesForm(props, account, query) : '';
  const items = [
    menuLink(withQuery(url, { reset: id, roles: undefined }), 'Reset password…', `Reset password… of ${username}`),
    menuLink(withQuery(url, { roles: id, reset: undefined }), 'Change roles…', `Change roles… of ${username}`),
    menuLink(
      `/tokens?${new URLSearchParams({ account: username }).toString()}`,
      'New token…',
      `New token… of ${username}`,
    ),
    menuLink(
      `/policies/new?${new URLSearchParams({ subject: username }).toString()}`,
      'New rule…',
      `New rule… for ${username}`,
    ),
    menuLink(
      `/delegations?${new URLSearchParams({ account: username }).toString()}`,
      'Delegate…',
      `Delegate… to ${username}`,
    ),
    menuLink(`/audit?${new URLSearchParams({ actor: id }).toString()}`, 'Audit of this account'),
    menuCopy(id, 'Copy the account id', `Copy id of ${username}`),
  ];
  const label = `${enabled ? 'Disable' : 'Enable'} ${username}`;
  return html`<tr role="row"${enabled ? '' : html` class="is-off"`}${newRow(created === id)}><td role="cell" class="name"><span class="strong rule__n wrap">${username}</span>${enabled ? '' : html` <span class="faint">disabled</span>`}<span class="sub">${roles.length === 0 ? 'No roles' : roles.join(', ')}</span>${form}</td><td role="cell" class="a-type">${accountType}</td><td role="cell" class="a-time" data-label="Created">${age(createdAt, now)}</td>
<td role="cell" class="a-sw"><form method="post" action="/accounts/${id}/enabled${query}" class="inline">${csrfField(csrf)}${switchButton('enabled', enabled, label, `switch-${id}`)}</form></td><td role="cell" class="acts">${menu(`More for ${username}`, items)}</td></tr>
`;
}

function resetForm({ csrf, url, resetProblem }: AccountsProps, { id, username }: Account, query: string): Fragment {
  const label = `New password of ${username}, at least ${minPasswordLength} characters`;
  const password = { type: 'password', name: 'password', required: true, minlength: minPasswordLength };
  return html`<form method="post" action="/accounts/${id}/password${query}" class="row-form">${csrfField(csrf)}${problemNote(resetProblem)}${textField(label, { ...password, autocomplete: 'new-password', autofocus: true })}<div class="form__acts"><button class="btn btn--primary">Set password</button><a class="btn" href="${withQuery(url, { reset: undefined })}" data-cancel>Cancel</a></div></form>`;
}

function rolesForm({ csrf, url, roles, rolesProblem }: AccountsProps, account: Account, query: string): Fragment {
  const { id, username } = account;
  const value = roles ?? account.roles.join(', ');
  return html`<form method="post" action="/accounts/${id}/roles${query}" class="row-form">${csrfField(csrf)}${problemNote(rolesProblem)}${textField(`Roles of ${username}, separated by commas`, { name: 'roles', value, ...plain, autofocus: true })}<div class="form__acts"><button class="btn btn--primary">Set roles</button><a class="btn" href="${withQuery(url, { roles: undefined })}" data-cancel>Cancel</a></div></form>`;
}
