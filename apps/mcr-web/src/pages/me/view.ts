import type { Permission, WhoAmIResponse } from '@mcr/rpc/mcr/v1/auth_pb';
import { html } from 'hono/html';
import { card, facts, pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { moment } from '../../ui/format.ts';
import { csrfField, plain, problemNote, textField } from '../../ui/forms.ts';
import { badge, copyLine } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { head, table } from '../../ui/lists.ts';
import type { Fragment, Page } from '../../ui/page.ts';

/** Properties of the page. */
export interface MeProps {
  readonly who: WhoAmIResponse;
  /** The repository that permissions are shown for; empty: all. */
  readonly repository: string;
  readonly permissions: readonly Permission[];
  readonly csrf: string;
  /** Why a new password was rejected. */
  readonly problem: string | undefined;
}

/** The signed-in user, and what they may do. */
export function meView(props: MeProps): Page {
  const { who } = props;
  const { id = '', username = '', accountType = '', roles = [] } = who.principal ?? {};
  const about = facts([
    html`${icon('user')}${accountType} account`,
    html`${icon('shield-check')}${roles.length === 0 ? 'No roles' : html`<span>${roles.length === 1 ? 'Role' : 'Roles'} <b>${roles.join(', ')}</b></span>`}`,
    ...(who.delegations.length === 0
      ? []
      : [html`${icon('scale')}<span>Manages rules of <b>${who.delegations.join(', ')}</b></span>`]),
    ...(who.expiresAt === undefined
      ? []
      : [html`${icon('log-in')}<span>Signed in until ${moment(who.expiresAt)}</span>`]),
    html`<span>Account id ${copyLine(id, 'account id')}</span>`,
  ]);
  const content = html`${pageHead(username, about)}
<div class="cols cols--explain">${permissionCard(props)}
${passwordCard(props)}</div>`;
  return { title: username, crumbs: [{ text: 'Your account' }], command: mcrctl('whoami'), content };
}

function permissionCard({ repository, permissions }: MeProps): Fragment {
  const rows = permissions.map(
    ({ action, allowed, rule }) =>
      html`<tr role="row"><td role="cell" class="name"><code>${action}</code></td><td role="cell" data-label="Decision">${allowed ? 'allowed' : badge('bad', 'denied')}</td><td role="cell" data-label="Rule">${rule ?? 'none matches'}</td></tr>`,
  );
  const note = html`<p class="card__foot">Rules for specific repositories are not shown here: enter a repository to include them.</p>`;
  const where = { name: 'repository', value: repository, placeholder: 'everywhere', ...plain };
  return card(
    'may',
    'What I may do',
    html`<form method="get" action="/me" class="filters filters--in">${textField('In the repository', where, 'field--grow')}<button class="btn">Show</button></form>
${table('', [head('Action'), head('Decision'), head('Rule')], html`${rows}`)}
${repository === '' ? note : ''}`,
  );
}

const minPasswordLength = 8;

function passwordCard({ who, csrf, problem }: MeProps): Fragment {
  if (!who.local) {
    return card(
      'password',
      'Password',
      html`<div class="card__body"><p>This registry has no password of yours: change it at the identity provider where you sign in.</p></div>`,
    );
  }
  const field = (name: string, label: string, autocomplete: string, more = {}) =>
    textField(label, { type: 'password', name, required: true, autocomplete, ...more });
  const atLeast = { minlength: minPasswordLength };
  return card(
    'password',
    'Password',
    html`<form method="post" action="/me/password" class="form">${csrfField(csrf)}
<input type="hidden" name="username" value="${who.principal?.username ?? ''}" autocomplete="username">
${problemNote(problem)}
${field('current', 'Current password', 'current-password')}
${field('password', 'New password', 'new-password', { ...atLeast, 'aria-describedby': 'password-hint' })}
<p id="password-hint" class="hint">At least ${minPasswordLength} characters. It signs you out everywhere else; clients such as docker log in again.</p>
${field('repeated', 'New password again', 'new-password', atLeast)}
<div class="form__acts"><button class="btn btn--primary">Change password</button></div></form>
<p class="card__foot"><span>From a terminal: ${copyLine(mcrctl('account', 'passwd'), 'command that changes the password')}</span></p>`,
  );
}
