import { html } from 'hono/html';
import { pageHead } from '../../ui/card.ts';
import { mcrctl, option } from '../../ui/commands.ts';
import { csrfField } from '../../ui/forms.ts';
import type { Page } from '../../ui/page.ts';
import type { RevokeProps } from './revoke-view.ts';
import { purposeOf } from './row.ts';

/** Asks whether to give a token a new secret, and says what becomes of the present one. */
export function rotateView({ csrf, token, back, query }: RevokeProps): Page {
  const { id, name, username } = token;
  const title = `Rotate ${name}`;
  const content = html`${pageHead(title, `${username}: ${purposeOf(token)}`)}
<section class="card"><div class="card__body"><p>The token gets a new secret, which is shown once. Clients that use the present one have a day to change over, then they are rejected. The new one is good for as long as the present one was.</p></div>
<form method="post" action="/tokens/${id}/rotate${query}" class="form">${csrfField(csrf)}<div class="form__acts"><button class="btn btn--primary">Rotate the token</button><a class="btn" href="${back}">Cancel</a></div></form></section>`;
  const crumbs = [{ text: 'Access' }, { text: 'Tokens', href: back }, { text: name }];
  return { title, crumbs, command: mcrctl('token', 'rotate', name, option('account', username)), content };
}
