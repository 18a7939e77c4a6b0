import type { Permission, WhoAmIResponse } from '@mcr/rpc/mcr/v1/auth_pb';
import { html } from 'hono/html';
import type { Page } from '../../layout.ts';
import { mcrctl } from '../../ui/command.ts';
import { moment } from '../../ui/format.ts';
import { badge, copyButton } from '../../ui/fragments.ts';

/** What the page shows. */
export interface MeProps {
  readonly who: WhoAmIResponse;
  /** Where the permissions are meant; empty: everywhere. */
  readonly repository: string;
  readonly permissions: readonly Permission[];
}

/** Who is signed in, and what they may do. */
export function meView({ who, repository, permissions }: MeProps): Page {
  const { id = '', username = '', accountType = '', roles = [] } = who.principal ?? {};
  const content = html`<h1>${username}</h1>
<dl class="facts"><dt>Account type</dt><dd>${accountType}</dd>
<dt>Roles</dt><dd>${roles.length === 0 ? 'none' : roles.join(', ')}</dd>
<dt>Account id</dt><dd><code>${id}</code> ${copyButton(id, 'account id')}</dd>
${who.expiresAt === undefined ? '' : html`<dt>Signed in until</dt><dd>${moment(who.expiresAt)}</dd>`}</dl>
<section aria-labelledby="may"><h2 id="may">What I may do</h2>
<form method="get" action="/me" class="filter"><label>In the repository <input name="repository" value="${repository}" placeholder="everywhere" autocomplete="off" spellcheck="false"></label><button>Show</button></form>
<table class="wide"><thead><tr><th scope="col">Action</th><th scope="col">Decision</th><th scope="col">By the rule</th></tr></thead><tbody>
${permissions.map(({ action, allowed, rule }) => html`<tr><td><code>${action}</code></td><td data-label="Decision">${badge(allowed ? 'ok' : 'bad', allowed ? 'allowed' : 'denied')}</td><td data-label="By the rule">${rule ?? 'none matches'}</td></tr>`)}
</tbody></table>
${repository === '' ? html`<p class="muted">Rules for some repositories are left out here: name a repository to see what they say.</p>` : ''}</section>`;
  return { title: username, command: mcrctl('whoami'), content };
}
