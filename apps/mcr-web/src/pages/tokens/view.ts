import { actions } from '@mcr/core';
import type { AccessToken } from '@mcr/rpc/mcr/v1/tokens_pb';
import { html } from 'hono/html';
import { card, pageHead } from '../../ui/card.ts';
import { mcrctl, option } from '../../ui/commands.ts';
import {
  checkboxes,
  createForm,
  createsInPlace,
  csrfField,
  plain,
  problemNote,
  select,
  textField,
} from '../../ui/forms.ts';
import { codeBox, empty } from '../../ui/fragments.ts';
import { head, hiddenHead, pager, table } from '../../ui/lists.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import type { ShownSecret, TokensProps } from './props.ts';
import { tokenRow } from './row.ts';

const crumbs = [{ text: 'Access' }, { text: 'Tokens' }];
const about =
  'Passwords with a name and an expiry, for CI and for clients that should not have yours. What a token may do is what its account may do, narrowed.';

/** The tokens, the secret of one that was just made, and the form for a new one. */
export function tokensView(props: TokensProps): Page {
  const { url, list, isAdmin, isAll, of, shown } = props;
  const heads = [head('Name'), head('Last used', 'w-time'), head('Expires', 'w-time'), hiddenHead('Actions', 'w-one')];
  const rows =
    list.tokens.length === 0
      ? empty('No tokens', 'Create one for each client, so that each can be revoked by itself.', undefined, 'key-round')
      : table('t-tokens', heads, html`${list.tokens.map((token: AccessToken) => tokenRow(props, token))}`);
  const other = isAll
    ? html`<a class="btn" href="/tokens">Only mine</a>`
    : html`<a class="btn" href="/tokens?all=1">All accounts</a>`;
  const robots = props.scope === undefined ? html`` : robotForm(props);
  const content = html`${pageHead(of === '' ? 'Tokens' : `Tokens of ${of}`, about, isAdmin ? other : robots)}
<div id="secret-place">${shown === undefined ? '' : html`<div class="alone" tabindex="-1" autofocus>${secretCard(shown, isAdmin)}</div>`}</div>
<div class="cols cols--explain"><div id="list"><div class="card">${rows}</div>
<div class="below">${pager(url, list.nextPageToken)}</div></div>
${newTokenCard(props)}</div>`;
  return {
    title: 'Tokens',
    crumbs,
    command: mcrctl('token', 'list', isAll ? ['--all'] : of === '' ? [] : option('account', of)),
    content,
  };
}

/** Where a delegate finds the tokens of a robot. */
function robotForm({ of }: TokensProps): Fragment {
  const field = { name: 'account', value: of, placeholder: 'name of a robot', autocapitalize: 'none', ...plain };
  return html`<form method="get" action="/tokens" class="filters filters--in">${textField('Tokens of', field)}<button class="btn">Show</button>${of === '' ? '' : html`<a class="btn" href="/tokens">Only mine</a>`}</form>`;
}

function secretCard({ token, secret, registry }: ShownSecret, isAdmin: boolean): Fragment {
  const { name, username } = token;
  const rule = `/policies/new?${new URLSearchParams({ subject: username }).toString()}`;
  const next = html`<p>A program may do nothing until a rule says so: <a class="link" href="${rule}">New rule for ${username}</a></p>`;
  const login = `docker login ${registry} --username ${username} --password-stdin <<< ${secret}`;
  return card(
    'secret',
    `The secret of ${name}`,
    html`<div class="card__body" role="status"><p>Copy it now: it is not shown again. ${username} logs in with it as the password.</p>
${codeBox(secret, 'secret')}
<p>Log in with it, with docker or podman:</p>
${codeBox(login, 'login line')}
${isAdmin && isOfProgram(secret) ? next : ''}</div>`,
  );
}

/** Robots, which are system accounts, have a prefix of their own. */
function isOfProgram(secret: string): boolean {
  return secret.startsWith('mcrr_');
}

function newTokenCard({ csrf, url, isAdmin, scope, typed }: TokensProps): Fragment {
  const name = {
    name: 'name',
    value: typed.name,
    required: true,
    pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]*',
    maxlength: 64,
    autocapitalize: 'none',
    ...plain,
    autofocus: typed.problem !== undefined,
  };
  const account = { name: 'account', value: typed.account, placeholder: 'yourself', autocapitalize: 'none', ...plain };
  const repositories = {
    name: 'repositories',
    value: typed.repositories.join(', '),
    placeholder: 'everywhere',
    ...plain,
  };
  return card(
    'create',
    'New token',
    html`<form method="post" action="/tokens${url.search}" class="form" id="create-form"${createsInPlace(`/tokens${url.search}`, createForm, '#secret-place')}>${csrfField(csrf)}
${problemNote(typed.problem)}
${textField('Name', name)}
${isAdmin || scope !== undefined ? textField('Account', account) : ''}
${scope === undefined ? '' : html`<p class="hint">Yours, or a robot of <code>${scope.join(', ')}</code>: then for actions that you may do there, and repositories within.</p>`}
${checkboxes(
  'action',
  'For (nothing checked: everything that the account may)',
  typed.actions,
  actions.filter((action) => action !== 'policy:manage').map((action) => [action, action.replace('registry:', '')]),
)}
${textField('In the repositories, patterns separated by commas', { ...repositories, 'aria-describedby': 'patterns-hint' })}
<p id="patterns-hint" class="hint"><code>team/**</code> is everything below team.</p>
${select('scope', 'Admin API', typed.scope, [
  ['none', 'none: images only'],
  ['admin:read', 'admin:read'],
  ['admin:write', 'admin:write'],
])}
${select('days', 'Expires after', typed.days, [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', '1 year'],
])}
<div class="form__acts"><button class="btn btn--primary">Create token</button></div></form>`,
  );
}
