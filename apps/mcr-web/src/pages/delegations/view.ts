import type { Delegation, ListDelegationsResponse } from '@mcr/rpc/mcr/v1/policy_pb';
import { html } from 'hono/html';
import { card, pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { age } from '../../ui/format.ts';
import { createForm, createsInPlace, csrfField, plain, problemNote, textField } from '../../ui/forms.ts';
import { empty } from '../../ui/fragments.ts';
import { head, hiddenHead, newRow, pager, table } from '../../ui/lists.ts';
import { menu, menuDelete } from '../../ui/menu.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { accountTabs } from '../accounts/tabs.ts';

/** The values of the form, and why they were rejected. */
export interface NewDelegation {
  readonly account: string;
  readonly pattern: string;
  readonly problem?: string;
}

/** Properties of the page. */
export interface DelegationsProps {
  readonly csrf: string;
  readonly url: URL;
  readonly list: ListDelegationsResponse;
  readonly typed: NewDelegation;
  /** Id of the delegation that this request has created. */
  readonly created?: string | undefined;
  readonly now: number;
}

const about =
  'A delegate is no admin, and manages the rules of a part of the repositories, for what the account may do there itself, and tokens of robots; and reads the audit log of them.';

/** Who is a delegate for what, and the form for another delegation. */
export function delegationsView(props: DelegationsProps): Page {
  const { url, list } = props;
  const heads = [head('Account'), head('Repositories'), head('Granted', 'w-time'), hiddenHead('Actions', 'w-one')];
  const rows =
    list.delegations.length === 0
      ? empty('No delegations', 'Admins alone manage rules and tokens of robots.', undefined, 'users')
      : table('t-delegations', heads, html`${list.delegations.map((one: Delegation) => row(props, one))}`);
  const content = html`${pageHead('Delegations', about)}
${accountTabs('delegations')}
<div class="cols cols--explain"><div id="list"><div class="card">${rows}</div>
<div class="below">${pager(url, list.nextPageToken)}</div></div>
${newDelegationCard(props)}</div>`;
  const crumbs = [{ text: 'Access' }, { text: 'Accounts', href: '/accounts' }, { text: 'Delegations' }];
  return { title: 'Delegations', crumbs, command: mcrctl('account', 'delegations', ['--all']), content };
}

function row({ url, created, now }: DelegationsProps, { id, username, pattern, ...granted }: Delegation): Fragment {
  const by = granted.grantedByName ?? 'the host';
  const items = [
    menuDelete(`/delegations/${id}/delete${url.search}`, 'Take away…', `Take away… ${pattern} from ${username}`),
  ];
  return html`<tr role="row"${newRow(created === id)}><td role="cell" class="name"><span class="strong wrap">${username}</span></td><td role="cell" data-label="Repositories"><code class="wrap">${pattern}</code></td><td role="cell" class="a-time" data-label="Granted">${granted.grantedAt === undefined ? '' : age(granted.grantedAt, now)}<span class="sub">by ${by}</span></td><td role="cell" class="acts">${menu(`More for ${username} and ${pattern}`, items)}</td></tr>
`;
}

function newDelegationCard({ csrf, typed }: DelegationsProps): Fragment {
  const account = {
    name: 'account',
    value: typed.account,
    required: true,
    autocapitalize: 'none',
    ...plain,
    autofocus: typed.problem !== undefined,
  };
  const pattern = { name: 'pattern', value: typed.pattern, required: true, placeholder: 'team-x/**', ...plain };
  return card(
    'create',
    'New delegation',
    html`<form method="post" action="/delegations" class="form" id="create-form"${createsInPlace('/delegations', createForm)}>${csrfField(csrf)}
${problemNote(typed.problem)}
${textField('Account, by name or UUID', account)}
${textField('Repositories', { ...pattern, 'aria-describedby': 'pattern-hint' })}
<p id="pattern-hint" class="hint">Whole segments, then <code>*</code> or <code>**</code>: <code>team-x/**</code> is everything below team-x.</p>
<div class="form__acts"><button class="btn btn--primary">Grant</button></div></form>`,
  );
}
