import type { Account } from '@mcr/rpc/mcr/v1/admin_pb';
import { html } from 'hono/html';
import { card, pageHead } from '../../ui/card.ts';
import { mcrctl, option } from '../../ui/commands.ts';
import { createForm, createsInPlace, csrfField, plain, problemNote, select, textField } from '../../ui/forms.ts';
import { head, hiddenHead, pager, table } from '../../ui/lists.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import type { AccountsProps } from './props.ts';
import { accountRow, minPasswordLength } from './row.ts';
import { accountTabs } from './tabs.ts';

const crumbs = [{ text: 'Access' }, { text: 'Accounts' }];

/** The local accounts, and the form for a new one. */
export function accountsView(props: AccountsProps): Page {
  const { url, list } = props;
  const heads = [
    head('Name'),
    head('Type', 'w-time'),
    head('Created', 'w-time'),
    head('On', 'w-sw'),
    hiddenHead('Actions', 'w-one'),
  ];
  const content = html`${pageHead('Accounts', 'People and programs that may sign in. What they may do is decided by their roles and by policies.')}
${accountTabs('accounts')}
<div class="cols cols--explain"><div id="list"><div class="card">${table('t-accounts', heads, html`${list.accounts.map((account: Account) => accountRow(props, account))}`)}</div>
<div class="below">${pager(url, list.nextPageToken)}</div></div>
${newAccountCard(props)}</div>`;
  return { title: 'Accounts', crumbs, command: accountsCommand(props), content };
}

function newAccountCard({ csrf, typed }: AccountsProps): Fragment {
  const name = {
    name: 'username',
    value: typed.username,
    required: true,
    pattern: '[a-z0-9][a-z0-9._\\-]*',
    maxlength: 64,
    autocapitalize: 'none',
    ...plain,
    'aria-describedby': 'name-hint',
    autofocus: typed.problem !== undefined,
  };
  const password = { type: 'password', name: 'password', minlength: minPasswordLength };
  return card(
    'create',
    'New account',
    html`<form method="post" action="/accounts" class="form" id="create-form"${createsInPlace('/accounts', createForm)}>${csrfField(csrf)}
${problemNote(typed.problem)}
${textField('Name', name)}
<p id="name-hint" class="hint">Lower-case letters, digits, dots, underscores and hyphens.</p>
${select('account_type', 'Type', typed.accountType, [
  ['human', 'human, for a person'],
  ['system', 'system, for a program'],
])}
${textField('Roles, separated by commas', { name: 'roles', value: typed.roles, ...plain, 'aria-describedby': 'roles-hint' })}
<p id="roles-hint" class="hint"><code>admin</code> may do everything; rules name other roles.</p>
${textField('Password', { ...password, autocomplete: 'new-password', 'aria-describedby': 'password-hint' })}
<p id="password-hint" class="hint">At least ${minPasswordLength} characters. A program needs none: leave it empty, and create a token.</p>
<div class="form__acts"><button class="btn btn--primary">Create account</button></div></form>`,
  );
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
  const content = html`${pageHead(
    'Accounts',
    html`<p class="head__sub">Accounts are managed by MCIAS, the identity provider of this registry: create and change them there. What they may do is
decided here, by <a href="/policies">policies</a>.</p>`,
  )}
${accountTabs('accounts')}`;
  return { title: 'Accounts', crumbs, content };
}
