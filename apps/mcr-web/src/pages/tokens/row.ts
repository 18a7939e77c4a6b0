import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { AccessToken } from '@mcr/rpc/mcr/v1/tokens_pb';
import { html } from 'hono/html';
import { age, until } from '../../ui/format.ts';
import { badge } from '../../ui/fragments.ts';
import { menu, menuCopy, menuDelete, menuLink } from '../../ui/menu.ts';
import type { Fragment } from '../../ui/page.ts';
import type { TokensProps } from './props.ts';

const soonMs = 7 * 86_400_000;

/** A token: what it is for, when it was used last, and its menu. */
export function tokenRow({ url, isAdmin, now }: TokensProps, token: AccessToken): Fragment {
  const { id, name, username, lastUsedAt, lastUsedIp } = token;
  const query = url.search;
  const items = [
    menuLink(`/tokens/${id}/rotate${query}`, 'Rotate…', `Rotate… ${name}`),
    ...(isAdmin
      ? [menuLink(`/audit?${new URLSearchParams({ actor: token.accountId }).toString()}`, 'Audit of this account')]
      : []),
    menuCopy(id, 'Copy the token id', `Copy id of ${name}`),
    menuDelete(`/tokens/${id}/revoke${query}`, 'Revoke…', `Revoke… ${name}`),
  ];
  const used =
    lastUsedAt === undefined ? 'never' : html`${age(lastUsedAt, now)}<span class="sub">${lastUsedIp ?? ''}</span>`;
  return html`<tr role="row"><td role="cell" class="name"><span class="strong wrap">${name}</span> ${stateOf(token, now)}<span class="sub">${username} · ${purposeOf(token)}</span></td><td role="cell" class="a-time" data-label="Last used">${used}</td><td role="cell" class="a-time" data-label="Expires">${token.expiresAt === undefined ? '' : until(token.expiresAt, now)}</td><td role="cell" class="acts">${menu(`More for ${name}`, items)}</td></tr>
`;
}

/** What a token is for, in a few words. */
export function purposeOf({ actions, repositories, scope }: AccessToken): string {
  const what =
    actions.length === 0 ? 'everything' : actions.map((action) => action.replace('registry:', '')).join(', ');
  const where = repositories.length === 0 ? 'everywhere' : `in ${repositories.join(', ')}`;
  return scope === 'none' ? `${what} ${where}` : `${what} ${where} · ${scope}`;
}

function stateOf({ expiresAt }: AccessToken, now: number): Fragment {
  const left = expiresAt === undefined ? 0 : timestampDate(expiresAt).getTime() - now;
  if (left <= 0) return badge('bad', 'expired');
  return left < soonMs ? badge('warn', 'expires soon') : html``;
}
