import { actions } from '@mcr/core';
import type { ExplainPolicyResponse, NearMiss, PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import { html } from 'hono/html';
import { plain, select, textField } from '../../ui/forms.ts';
import { badge } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import type { Fragment } from '../../ui/page.ts';
import type { Explanation, Question } from './question.ts';
import { sentence } from './sentence.ts';

/** Asks what the rules decide for an account, an action and a place; nothing is changed. */
export function explainCard(question: Question, explanation: Explanation | undefined): Fragment {
  const { who, accountType, roles, action, repository } = question;
  const chosen = action === '' ? 'registry:pull' : action;
  return html`<section class="card card--flush" id="explain" aria-labelledby="explain-title"><div class="card__head"><h2 id="explain-title">Explain a decision</h2><span class="card__note">Nothing is changed</span></div>
<form method="get" action="/policies#explain" class="ask">
${textField('Account', { name: 'who', value: who, placeholder: 'name', ...plain })}
${select(
  'action',
  'Wants to',
  chosen,
  actions.map((it) => [it, it] as const),
)}
${textField('In', { name: 'repository', value: repository, placeholder: 'team/app', ...plain }, 'full')}
${select('account_type', 'Of type', accountType, [
  ['', 'as the account'],
  ['human', 'human'],
  ['system', 'system'],
  ['anonymous', 'anonymous, a guest'],
])}
${textField('With roles', { name: 'roles', value: roles, ...plain, 'aria-describedby': 'who-hint' })}
<p id="who-hint" class="hint full">A name alone is that account with its type and roles. With a type or roles it is the
account's id only; no roles then means that there are none.</p>
<button class="btn">Explain</button></form>
${explanation === undefined ? '' : 'problem' in explanation ? html`<div class="verdict"><p id="decision" class="problem" role="alert">${explanation.problem}.</p></div>` : decision(question, explanation)}</section>`;
}

function decision(
  { action, repository }: Question,
  { effect, rule, matches, nearMisses, principal }: ExplainPolicyResponse,
): Fragment {
  const isAllowed = effect === 'allow';
  const name = principal?.username || 'Such an account';
  const roles = principal?.roles.length ? `roles ${principal.roles.join(', ')}` : 'no roles';
  const because =
    rule === undefined
      ? 'no rule matches'
      : html`${rule.id < 0n ? 'a built-in rule' : html`rule ${rule.id}`} decides: <bdi>${rule.description || 'it has no description'}</bdi>`;
  const title = html`${icon(isAllowed ? 'shield-check' : 'shield-x')}${isAllowed ? 'Allowed' : 'Denied'}`;
  const where = repository === '' ? '' : html` in <b>${repository}</b>`;
  return html`<div id="decision" role="status"><div class="verdict${isAllowed ? '' : ' verdict--bad'}"><p class="verdict__t">${title}</p>
<p><b>${name}</b> ${isAllowed ? 'may' : 'may not'} ${action.replace(/^registry:/, '')}${where}.</p>
<p class="muted">${name} (${principal?.accountType ?? ''}, ${roles}): ${because}.</p></div>
${matches.map((match) => matching(match, match.id === rule?.id))}
${nearMisses.length === 0 ? '' : html`<h3 class="near__t">Would allow it, but for what does not match</h3>${nearMisses.map(nearMiss)}`}</div>`;
}

/** A rule that nearly matches, and what is in the way. */
function nearMiss({ rule, failed }: NearMiss): Fragment {
  if (rule === undefined) return html``;
  const name = html`<a class="strong" href="/policies/${rule.id}"><bdi>${rule.description || `Rule ${rule.id}`}</bdi></a>`;
  const fields = failed.map((field) => field.replaceAll('_', ' ')).join(', ');
  return html`<div class="near"><div class="near__h"><span>${name} ${badge('warn', fields === 'enabled' ? 'disabled' : fields)}</span><span class="faint nowrap">priority ${rule.priority}</span></div><p class="muted">${sentence(rule)}</p></div>`;
}

/** A rule that matches, and whether it is the one that decides. */
function matching(match: PolicyRule, decides: boolean): Fragment {
  const name = html`<bdi>${match.description || `Rule ${match.id}`}</bdi>`;
  const title =
    match.id < 0n
      ? html`<span class="strong">${name}</span>`
      : html`<a class="strong" href="/policies/${match.id}">${name}</a>`;
  return html`<div class="near"><div class="near__h"><span>${title}${decides ? html` ${badge('info', 'decides')}` : ''}</span><span class="faint nowrap">${match.id < 0n ? 'built in' : `priority ${match.priority}`}</span></div><p class="muted">${sentence(match)}</p></div>`;
}
