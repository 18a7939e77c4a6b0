import type { AccessToken } from '@mcr/rpc/mcr/v1/tokens_pb';
import { html } from 'hono/html';
import { pageHead } from '../../ui/card.ts';
import { mcrctl, option } from '../../ui/commands.ts';
import { csrfField } from '../../ui/forms.ts';
import type { Page } from '../../ui/page.ts';
import { purposeOf } from './row.ts';

/** Properties of the page. */
export interface RevokeProps {
  readonly csrf: string;
  readonly token: AccessToken;
  /** The list that the user comes from, and its parameters. */
  readonly back: string;
  readonly query: string;
}

/** Asks whether to revoke a token. */
export function revokeView({ csrf, token, back, query }: RevokeProps): Page {
  const { id, name, username } = token;
  const title = `Revoke ${name}`;
  const content = html`${pageHead(title, `${username}: ${purposeOf(token)}`)}
<section class="card"><div class="card__body"><p>Clients that use this token are rejected with their next request, on every worker. This cannot be undone.</p></div>
<form method="post" action="/tokens/${id}/revoke${query}" class="form">${csrfField(csrf)}<div class="form__acts"><button class="btn btn--danger">Revoke the token</button><a class="btn" href="${back}">Cancel</a></div></form></section>`;
  const crumbs = [{ text: 'Access' }, { text: 'Tokens', href: back }, { text: name }];
  return { title, crumbs, command: mcrctl('token', 'revoke', name, option('account', username)), content };
}
