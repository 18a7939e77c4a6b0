import type { PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import { html } from 'hono/html';
import { pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { count, counted } from '../../ui/format.ts';
import { csrfField } from '../../ui/forms.ts';
import { icon } from '../../ui/icons.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import type { Revocation } from './question.ts';

/** Properties of the page. */
export interface QuestionProps extends Revocation {
  readonly csrf: string;
  /** Parameters of the list that the user comes from. */
  readonly query: string;
}

/** Rules that are named; more are counted. */
const namedRules = 20;

/** Asks whether to take a delegation away, and says what comes of it. */
export function questionView({ csrf, query, delegation, others, rules }: QuestionProps): Page {
  const { id, username, pattern } = delegation;
  const title = `Take ${pattern} from ${username}`;
  const back = `/delegations${query}`;
  const rest =
    others.length === 0
      ? html`${username} is no delegate any more`
      : html`${username} still manages <code class="wrap">${others.join(', ')}</code>`;
  const content = html`${pageHead(`${title}?`)}
<form method="post" action="/delegations/${id}/delete${query}" class="card narrow">${csrfField(csrf)}
<dl class="kv plan__kv plan__top"><dt>Ends</dt><dd>With the next request: managing rules and tokens of robots in <code class="wrap">${pattern}</code>, and reading its audit log</dd>
<dt>Then</dt><dd>${rest}</dd>
<dt>Rules</dt><dd>${ruleText(username, rules)}</dd>
<dt>Tokens</dt><dd>Those that ${username} has made for robots stay valid until they expire or are revoked</dd></dl>
<div class="card__foot plan__go"><span class="plan__btns"><a class="btn" href="${back}">Cancel</a><button class="btn btn--bad">${icon('trash')}Take the delegation away</button></span></div></form>`;
  const crumbs = [{ text: 'Access' }, { text: 'Delegations', href: back }, { text: title }];
  return { title, crumbs, command: mcrctl('account', 'undelegate', username, pattern), content };
}

function ruleText(username: string, rules: readonly PolicyRule[]): Fragment {
  if (rules.length === 0) return html`${username} has written none there`;
  const named = rules.slice(0, namedRules);
  const more = rules.length - named.length;
  return html`<b>${counted(rules.length, 'rule')} of ${username} ${rules.length === 1 ? 'stays' : 'stay'} in force</b>, and only admins can change ${rules.length === 1 ? 'it' : 'them'}:
<ul class="plan__list">${named.map((rule) => html`<li><a class="link" href="/policies/${rule.id}"><bdi>${rule.description || `Rule ${rule.id}`}</bdi></a></li>`)}</ul>${more > 0 ? html`and ${count(more)} more` : ''}`;
}
