import type { Permission, WhoAmIResponse } from '@mcr/rpc/mcr/v1/auth_pb';
import { html } from 'hono/html';
import { mcrctl } from '../../ui/commands.ts';
import { moment } from '../../ui/format.ts';
import { csrfField, problemNote } from '../../ui/forms.ts';
import { badge, copyButton, copyLine } from '../../ui/fragments.ts';
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
  const { who, repository, permissions } = props;
  const { id = '', username = '', accountType = '', roles = [] } = who.principal ?? {};
  const content = html`<h1>${username}</h1>
<dl class="facts"><dt>Account type</dt><dd>${accountType}</dd>
<dt>Roles</dt><dd>${roles.length === 0 ? 'none' : roles.join(', ')}</dd>
<dt>Account id</dt><dd><code>${id}</code> ${copyButton(id, 'account id')}</dd>
${who.expiresAt === undefined ? '' : html`<dt>Signed in until</dt><dd>${moment(who.expiresAt)}</dd>`}</dl>
<section aria-labelledby="may"><h2 id="may">What I may do</h2>
<form method="get" action="/me" class="filter"><label>In the repository <input name="repository" value="${repository}" placeholder="everywhere" autocomplete="off" spellcheck="false"></label><button>Show</button></form>
<table class="wide"><thead><tr><th scope="col">Action</th><th scope="col">Decision</th><th scope="col">Rule</th></tr></thead><tbody>
${permissions.map(({ action, allowed, rule }) => html`<tr><td><code>${action}</code></td><td data-label="Decision">${badge(allowed ? 'ok' : 'bad', allowed ? 'allowed' : 'denied')}</td><td data-label="Rule">${rule ?? 'none matches'}</td></tr>`)}
</tbody></table>
${repository === '' ? html`<p class="muted">Rules for specific repositories are not shown here: enter a repository to include them.</p>` : ''}</section>
${passwordSection(props)}`;
  return { title: username, command: mcrctl('whoami'), content };
}

const minPasswordLength = 8;

function passwordSection({ who, csrf, problem }: MeProps): Fragment {
  if (!who.local) {
    return html`<section aria-labelledby="password" class="panel"><h2 id="password">Password</h2>
<p>Your password is managed by MCIAS, the identity provider of this registry: change it there.</p></section>`;
  }
  const field = (name: string, label: string, autocomplete: string, more: Fragment = html``) =>
    html`<label>${label} <input type="password" name="${name}" required autocomplete="${autocomplete}"${more}></label>`;
  const atLeast = html` minlength="${minPasswordLength}"`;
  return html`<section aria-labelledby="password" class="panel"><h2 id="password">Password</h2>
<form method="post" action="/me/password" class="stack">${csrfField(csrf)}
<input type="hidden" name="username" value="${who.principal?.username ?? ''}" autocomplete="username">
${problemNote(problem)}
${field('current', 'Current password', 'current-password')}
${field('password', 'New password', 'new-password', html`${atLeast} aria-describedby="password-hint"`)}
<p id="password-hint" class="hint">At least ${minPasswordLength} characters. It signs you out everywhere else; clients such as docker log in again.</p>
${field('repeated', 'New password again', 'new-password', atLeast)}
<button class="primary">Change password</button></form>
<p>From a terminal: ${copyLine(mcrctl('account', 'passwd'), 'command that changes the password')}</p></section>`;
}
