import type { Identity } from '@mcr/rpc/mcr/v1/admin_pb';
import { html } from 'hono/html';
import type { SignInProvider } from '../../registry/sign-in-providers.ts';
import { pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { counted } from '../../ui/format.ts';
import { csrfField } from '../../ui/forms.ts';
import type { Fragment, Page } from '../../ui/page.ts';

/** What can be done with a person. */
export type PersonChange = 'block' | 'unblock' | 'delete';

/** Properties of the page. */
export interface QuestionProps {
  readonly csrf: string;
  readonly change: PersonChange;
  readonly person: Identity;
  readonly providers: readonly SignInProvider[];
  /** Names of their access tokens, the first ones. */
  readonly tokens: readonly string[];
  readonly hasMoreTokens: boolean;
  /** Whether it is the user who asks. */
  readonly isSelf: boolean;
  /** Parameters of the list that the user comes from. */
  readonly query: string;
}

const verbs: Readonly<Record<PersonChange, string>> = { block: 'Block', unblock: 'Unblock', delete: 'Delete' };

/** Asks whether to block, unblock or delete a person, and says what comes of it. */
export function questionView(props: QuestionProps): Page {
  const { csrf, change, person, query } = props;
  const { id, username, subject } = person;
  const title = `${verbs[change]} ${username}`;
  const back = `/accounts/people${query}`;
  const button = change === 'unblock' ? 'btn--primary' : 'btn--bad';
  const content = html`${pageHead(`${title}?`)}
<form method="post" action="/accounts/people/${id}/${change}${query}" class="card narrow">${csrfField(csrf)}
<dl class="kv plan__kv plan__top"><dt>Person</dt><dd><bdi>${username}</bdi>, whom ${titleOf(props)} calls <bdi><code class="wrap">${subject}</code></bdi></dd>
${props.isSelf && change !== 'unblock' ? html`<dt>You</dt><dd><b>This is you</b>: you are signed out by it</dd>` : ''}
${consequences(props)}</dl>
<div class="card__foot plan__go"><span class="plan__btns"><a class="btn" href="${back}">Cancel</a><button class="btn ${button}">${verbs[change]} ${change === 'unblock' ? '' : 'this '}person</button></span></div></form>`;
  const crumbs = [{ text: 'Access' }, { text: 'People from providers', href: back }, { text: title }];
  return { title, crumbs, command: mcrctl('identity', change, username), content };
}

function consequences(props: QuestionProps): Fragment {
  const { change, person } = props;
  const provider = titleOf(props);
  if (change === 'unblock') {
    const tokens = tokenText(props, 'work again until they expire');
    return html`<dt>From now on</dt><dd>Sign-ins at ${provider} are accepted again${tokens}</dd>
<dt>Sessions</dt><dd>Those of before that have not expired go on</dd>`;
  }
  const ends = html`<dt>Ends</dt><dd>With the next request: sessions of this UI and of mcrctl, and what clients are logged in with${tokenText(props, change === 'delete' ? 'are deleted' : 'are rejected')}</dd>`;
  const stays = html`<dt>Stays</dt><dd>What they have pushed, rules that name them, and the audit log</dd>`;
  if (change === 'block') {
    return html`${ends}<dt>Sign-in</dt><dd>At ${provider} it is rejected here, until the person is unblocked</dd>${stays}`;
  }
  return html`${ends}<dt>Sign-in</dt><dd>A later one makes a new person with another id, whom rules for this one are not about; ${person.blocked ? html`this person is blocked now, and <b>a new one is not</b>` : html`to keep the person out, block instead`}</dd>
<dt>Name</dt><dd>${person.username} is free for another account</dd>${stays}`;
}

function tokenText({ tokens, hasMoreTokens }: QuestionProps, verb: string): Fragment {
  if (tokens.length === 0) return html``;
  const number = hasMoreTokens ? `more than ${tokens.length} access tokens` : counted(tokens.length, 'access token');
  return html`; ${number} (${tokens.join(', ')}${hasMoreTokens ? ', …' : ''}) ${verb}`;
}

function titleOf({ person, providers }: QuestionProps): string {
  return providers.find(({ name }) => name === person.provider)?.title ?? person.provider;
}
