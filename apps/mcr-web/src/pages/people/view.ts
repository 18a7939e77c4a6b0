import type { Identity, ListIdentitiesResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import { html } from 'hono/html';
import type { SignInProvider } from '../../registry/sign-in-providers.ts';
import { pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { age } from '../../ui/format.ts';
import { badge, empty } from '../../ui/fragments.ts';
import { head, hiddenHead, pager, table } from '../../ui/lists.ts';
import { menu, menuCopy, menuDelete, menuLink } from '../../ui/menu.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { accountTabs } from '../accounts/tabs.ts';

/** Properties of the page. */
export interface PeopleProps {
  readonly url: URL;
  readonly list: ListIdentitiesResponse;
  /** The providers of the configuration. */
  readonly providers: readonly SignInProvider[];
  readonly now: number;
}

const about =
  'They sign in at an OpenID provider, which keeps their password and groups. Roles are those of the last sign-in; rules name people as they name accounts.';

/** People of OpenID providers. */
export function peopleView(props: PeopleProps): Page {
  const { url, list, providers } = props;
  const heads = [
    head('Name'),
    head('Provider', 'w-time'),
    head('Last sign-in', 'w-time'),
    hiddenHead('Actions', 'w-one'),
  ];
  const rows =
    list.identities.length === 0
      ? empty('No people yet', whyNone(providers), undefined, 'users')
      : table('t-people', heads, html`${list.identities.map((person: Identity) => personRow(props, person))}`);
  const content = html`${pageHead('Accounts', about)}
${accountTabs('people')}
<div class="card">${rows}</div>
<div class="below">${pager(url, list.nextPageToken)}</div>`;
  const crumbs = [{ text: 'Access' }, { text: 'Accounts', href: '/accounts' }, { text: 'People from providers' }];
  return { title: 'People from providers', crumbs, command: mcrctl('identity', 'list'), content };
}

function whyNone(providers: readonly SignInProvider[]): Fragment {
  if (providers.length > 0) return html`They are here once they have signed in.`;
  return html`No provider is configured: <code>[oidc.NAME]</code> in the configuration of the registry adds one.`;
}

/** A person, and what can be done. Names, subjects and roles are what a provider has said. */
function personRow({ url, providers, now }: PeopleProps, person: Identity): Fragment {
  const { id, username, provider, roles, blocked, signedInAt } = person;
  const path = (change: string) => `/accounts/people/${id}/${change}${url.search}`;
  const items = [
    blocked
      ? menuLink(path('unblock'), 'Unblock…', `Unblock… ${username}`)
      : menuDelete(path('block'), 'Block…', `Block… ${username}`),
    menuLink(`/audit?${new URLSearchParams({ actor: id }).toString()}`, 'Audit of this person'),
    menuCopy(id, 'Copy the id', `Copy id of ${username}`),
    menuDelete(path('delete'), 'Delete…', `Delete… ${username}`),
  ];
  const known = providers.find(({ name }) => name === provider);
  const title = known?.title ?? html`${provider}<span class="sub">not configured</span>`;
  return html`<tr role="row"${blocked ? html` class="is-off"` : ''}><td role="cell" class="name"><span class="strong wrap">${username}</span>${blocked ? html` ${badge('warn', 'blocked')}` : ''}<span class="sub wrap">${roles.length === 0 ? 'No roles' : roles.join(', ')}</span></td><td role="cell" class="wrap" data-label="Provider">${title}</td><td role="cell" class="a-time" data-label="Last sign-in">${age(signedInAt, now)}</td><td role="cell" class="acts">${menu(`More for ${username}`, items)}</td></tr>
`;
}
