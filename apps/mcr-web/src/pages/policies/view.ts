import { actions } from '@mcr/core';
import type { ExplainPolicyResponse, ListPolicyRulesResponse, PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import { html } from 'hono/html';
import { mcrctl } from '../../ui/commands.ts';
import { csrfField, select } from '../../ui/forms.ts';
import { badge, empty, pager } from '../../ui/fragments.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { policiesCommand } from './commands.ts';
import type { Explanation, Question } from './question.ts';

/** Properties of the page. */
export interface PoliciesProps {
  readonly csrf: string;
  readonly url: URL;
  readonly rules: ListPolicyRulesResponse;
  readonly question: Question;
  readonly explanation: Explanation | undefined;
}

/** All rules, and an explanation of a decision. */
export function policiesView({ csrf, url, rules, question, explanation }: PoliciesProps): Page {
  const content = html`<h1>Policies</h1>
<p>All rules that match a request are considered: if any of them denies, it is denied, else if any allows, it is allowed, else it is
denied. Empty fields match everything.</p>
<p><a class="button" href="/policies/new">New rule</a></p>
${warnings(rules.rules)}
<div id="rules"><table class="wide"><thead><tr><th scope="col" class="number">Priority</th><th scope="col">Rule</th><th scope="col">Effect</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Where</th><th scope="col">State</th></tr></thead><tbody>
${rules.rules.map((rule) => row(rule, csrf, url))}
${rules.builtinRules.map((rule) => row(rule, csrf, url))}
</tbody></table>
${hasOnlyBuiltin(rules, url) ? empty('There are only the built-in rules. To allow programs with an account to pull:', mcrctl('policy', 'create', '--effect', 'allow', '--priority', '100', '--account-type', 'system', '--action', 'registry:pull')) : ''}
${pager(url, rules.nextPageToken)}</div>
${explainPanel(question, explanation)}`;
  return { title: 'Policies', command: policiesCommand(question), content };
}

/** Warnings about rules that were created before such ones were rejected; shown above all rules. */
function warnings(rules: readonly PolicyRule[]): Fragment {
  const odd = rules.filter((rule) => rule.warnings.length > 0);
  if (odd.length === 0) return html``;
  return html`<div id="warnings" class="notice bad" role="note"><p>Some rules have no effect, or less than they seem to have:</p><ul>
${odd.map((rule) => html`<li><a href="/policies/${rule.id}">Rule ${rule.id}</a>: ${rule.warnings.join('; ')}.</li>`)}
</ul></div>`;
}

function hasOnlyBuiltin({ rules, nextPageToken }: ListPolicyRulesResponse, url: URL): boolean {
  return rules.length === 0 && nextPageToken === '' && !url.searchParams.has('page');
}

function row(rule: PolicyRule, csrf: string, url: URL): Fragment {
  const isBuiltin = rule.id < 0n;
  return html`<tr><td class="number" data-label="Priority">${rule.priority}</td>
<td>${isBuiltin ? rule.description : html`<a href="/policies/${rule.id}">${rule.description || `Rule ${rule.id}`}</a>`}${rule.warnings.length > 0 ? html` ${badge('bad', 'check it')}` : ''}</td>
<td data-label="Effect">${effect(rule.effect)}</td><td data-label="Who">${who(rule)}</td><td data-label="What">${items(rule.actions, 'everything')}</td><td data-label="Where">${items(rule.repositories, 'everywhere')}</td>
<td data-label="State">${isBuiltin ? badge('neutral', 'built in') : state(rule, csrf, url)}</td></tr>`;
}

function state({ id, enabled }: PolicyRule, csrf: string, { search }: URL): Fragment {
  const path = `/policies/${id}/enabled${search}`;
  return html`<form method="post" action="${path}" class="inline" hx-post="${path}" hx-target="#rules" hx-select="#rules" hx-select-oob="#flash:innerHTML" hx-swap="outerHTML">${csrfField(csrf)}${badge(enabled ? 'ok' : 'neutral', enabled ? 'enabled' : 'disabled')}
<button id="switch-${id}" name="enabled" value="${String(!enabled)}" aria-label="${enabled ? 'Disable' : 'Enable'} rule ${id}">${enabled ? 'Disable' : 'Enable'}</button></form> <a href="/policies/${id}/delete" aria-label="Delete rule ${id}">Delete…</a>`;
}

/** An effect in its color. */
export function effect(value: string): Fragment {
  return badge(value === 'allow' ? 'ok' : 'bad', value);
}

/** The accounts that a rule applies to. */
export function who({ roles, accountTypes, subject }: PolicyRule): Fragment {
  const parts = [
    ...accountTypes.map((type) => html`${type} accounts`),
    ...roles.map((role) => html`role <code>${role}</code>`),
    ...(subject === undefined ? [] : [html`account <code>${subject}</code>`]),
  ];
  return parts.length === 0
    ? html`all accounts`
    : html`${parts.map((part, at) => html`${at === 0 ? '' : ', '}${part}`)}`;
}

function items(values: readonly string[], none: string): Fragment {
  if (values.length === 0) return html`${none}`;
  return html`${values.map((value, at) => html`${at === 0 ? '' : ', '}<code>${value}</code>`)}`;
}

function explainPanel(question: Question, explanation: Explanation | undefined): Fragment {
  return html`<section aria-labelledby="explain" class="panel"><h2 id="explain">Explain a decision</h2>
<form method="get" action="/policies#explain" class="filter">
<label>Who <input name="who" value="${question.who}" placeholder="account name" autocomplete="off" spellcheck="false"></label>
${select('account_type', 'or type', question.accountType, [
  ['', 'as the account'],
  ['human', 'human'],
  ['system', 'system'],
])}
<label>with roles <input name="roles" value="${question.roles}" autocomplete="off" spellcheck="false" aria-describedby="who-hint"></label>
${select(
  'action',
  'does what',
  question.action === '' ? 'registry:pull' : question.action,
  actions.map((action) => [action, action] as const),
)}
<label>Where <input name="repository" value="${question.repository}" placeholder="team/app" autocomplete="off" spellcheck="false"></label>
<button>Explain</button></form>
<p id="who-hint" class="hint">A name alone is that account with its type and roles. With a type or roles it is the
account's id only; no roles then means that there are none.</p>
${explanation === undefined ? '' : 'problem' in explanation ? html`<p id="decision" class="notice bad" role="alert">${explanation.problem}.</p>` : decision(explanation)}</section>`;
}

function decision({ effect: result, rule, matches, principal }: ExplainPolicyResponse): Fragment {
  const name = principal?.username || 'Such an account';
  const because =
    rule === undefined ? 'no rule matches' : `rule ${rule.id} decides: ${rule.description || 'it has no description'}`;
  return html`<div id="decision" role="status"><p>${effect(result)} ${name} (${principal?.accountType ?? ''}${principal?.roles.length ? `, roles ${principal.roles.join(', ')}` : ', no roles'}): ${because}.</p>
${
  matches.length === 0
    ? ''
    : html`<table class="plain"><thead><tr><th scope="col" class="number">Priority</th><th scope="col">Rules that match</th><th scope="col">Effect</th></tr></thead><tbody>
${matches.map((match) => html`<tr${match.id === rule?.id ? html` class="deciding"` : ''}><td class="number">${match.priority}</td><td>${match.description || `Rule ${match.id}`}${match.id === rule?.id ? html` ${badge('info', 'decides')}` : ''}</td><td>${effect(match.effect)}</td></tr>`)}
</tbody></table>`
}</div>`;
}
