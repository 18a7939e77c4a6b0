import type { ListPolicyRulesResponse, PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import { html } from 'hono/html';
import { pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { csrfField, switchButton } from '../../ui/forms.ts';
import { badge, empty } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { head, hiddenHead, newRow, pager, table } from '../../ui/lists.ts';
import { menu, menuDelete, menuLink } from '../../ui/menu.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { policiesCommand } from './commands.ts';
import { explainCard } from './explain.ts';
import type { Explanation, Question } from './question.ts';
import { newRuleLink, newRulePlace } from './rule-view.ts';
import { sentence } from './sentence.ts';

/** Properties of the page. */
export interface PoliciesProps {
  readonly csrf: string;
  readonly url: URL;
  readonly rules: ListPolicyRulesResponse;
  readonly question: Question;
  readonly explanation: Explanation | undefined;
  /** Id of the rule that this request has created. */
  readonly created?: bigint | undefined;
  /** Whether a script has closed the form of a new rule, so that its link gets the focus again. */
  readonly isClosed?: boolean;
  /** What a delegate manages; absent for admins. */
  readonly scope?: readonly string[] | undefined;
}

/** All rules, and an explanation of a decision. */
export function policiesView(props: PoliciesProps): Page {
  const { csrf, url, rules, question, explanation, scope, created, isClosed = false } = props;
  const heads = [head('#', 'num w-n a-n'), head('Rule'), head('On', 'w-sw'), hiddenHead('Actions', 'w-one')];
  const builtin = html`<tr role="row" class="group"><td role="cell" colspan="4"><div class="group__in"><b>Built in</b><span>They cannot be changed</span></div></td></tr>`;
  const isChangeable = (rule: PolicyRule) => rule.id > 0n && (scope === undefined || rule.delegated);
  const rows = html`${rules.rules.map((rule) => row(rule, { csrf, url, isNew: rule.id === created }, isChangeable(rule)))}
${rules.builtinRules.length === 0 ? '' : builtin}${rules.builtinRules.map((rule) => row(rule, { csrf, url, isNew: false }, false))}`;
  const about =
    'Every rule that matches a request counts. One denial is enough to deny; otherwise one allowance is enough to allow; otherwise it is denied. Empty fields match everything.';
  const isListed = rules.rules.some(({ id }) => id === created);
  const content = html`${pageHead('Policies', `${about}${closed(rules.policyDefault)}`, newRuleLink(isClosed && !isListed))}
${scope === undefined ? '' : scopeNote(scope)}
${warnings(rules.rules)}
<div class="cols cols--explain"><div>${newRulePlace()}<div id="list"><div class="card">${hasOnlyBuiltin(rules, url) ? firstRule : ''}${table('t-rules', heads, rows)}</div>
<div class="below">${pager(url, rules.nextPageToken)}</div></div></div>
${explainCard(question, explanation)}</div>`;
  const crumbs = [{ text: 'Access' }, { text: 'Policies' }];
  return { title: 'Policies', crumbs, command: policiesCommand(question), content };
}

/** What a delegate may change, and what it is shown besides. */
function scopeNote(scope: readonly string[]): Fragment {
  return html`<div id="scope" class="card alone"><div class="notice" role="note">${icon('scale')}<div><b>You manage the rules of <span class="wrap">${scope.join(', ')}</span></b><p>Rules that lie within are listed here. Those that an admin has written are not yours to change. What you allow, you have to be allowed yourself, by an admin; your rules are never about yourself, and deny nothing to admins.</p></div></div></div>`;
}

function closed(policyDefault: string): string {
  return policyDefault === 'closed'
    ? ' This registry is closed: people have only the access that rules give them.'
    : '';
}

const firstRule = empty(
  'There are only the built-in rules',
  'To allow programs with an account to pull:',
  mcrctl(
    'policy',
    'create',
    '--effect',
    'allow',
    '--priority',
    '100',
    '--account-type',
    'system',
    '--action',
    'registry:pull',
  ),
  'scale',
);

/** Warnings about rules that were created before such ones were rejected; shown above all rules. */
function warnings(rules: readonly PolicyRule[]): Fragment {
  const odd = rules.filter((rule) => rule.warnings.length > 0);
  if (odd.length === 0) return html``;
  return html`<div id="warnings" class="card alone"><div class="notice notice--warn" role="note">${icon('triangle-alert')}<div><b>Some rules have no effect, or less than they seem to have</b><ul>
${odd.map((rule) => html`<li><a class="link" href="/policies/${rule.id}">Rule ${rule.id}</a>: ${rule.warnings.join('; ')}.</li>`)}
</ul></div></div></div>`;
}

function hasOnlyBuiltin({ rules, nextPageToken }: ListPolicyRulesResponse, url: URL): boolean {
  return rules.length === 0 && nextPageToken === '' && !url.searchParams.has('page');
}

interface RowProps extends Pick<PoliciesProps, 'csrf' | 'url'> {
  readonly isNew: boolean;
}

function row(rule: PolicyRule, { csrf, url, isNew }: RowProps, isChangeable: boolean): Fragment {
  const isBuiltin = rule.id < 0n;
  const name = rule.description || `Rule ${rule.id}`;
  const title = !isChangeable
    ? html`<span class="strong rule__n"><bdi>${name}</bdi></span>`
    : html`<a class="strong rule__n" href="/policies/${rule.id}"><bdi>${name}</bdi></a>`;
  const odd = rule.warnings.length > 0 ? html` ${badge('warn', 'check it')}` : '';
  const author = rule.delegated ? html` ${badge('info', 'by a delegate')}` : '';
  const items = [
    menuLink(`/policies/${rule.id}`, 'Edit'),
    html`<div class="menu__sep"></div>`,
    menuDelete(`/policies/${rule.id}/delete`, 'Delete…', `Delete rule ${rule.id}`),
  ];
  return html`<tr role="row"${isBuiltin || rule.enabled ? '' : html` class="is-off"`}${newRow(isNew)}><td role="cell" class="num faint a-n">${isBuiltin ? '' : rule.priority}</td>
<td role="cell" class="name">${title}${odd}${author}<span class="rule__s">${sentence(rule)}</span></td>
<td role="cell" class="a-sw">${isChangeable ? toggle(rule, csrf, url) : fixed(name, rule.enabled, isBuiltin)}</td><td role="cell" class="acts">${!isChangeable ? '' : menu(`More for rule ${rule.id}`, items)}</td></tr>
`;
}

function fixed(name: string, isOn: boolean, isBuiltin: boolean): Fragment {
  const state = isBuiltin ? 'always on' : `${isOn ? 'on' : 'off'}, by an admin`;
  return html`<button type="button" class="switch" role="switch" aria-checked="${String(isOn)}" aria-label="${name}: ${state}" disabled></button>`;
}

function toggle({ id, enabled }: PolicyRule, csrf: string, { search }: URL): Fragment {
  const path = `/policies/${id}/enabled${search}`;
  return html`<form method="post" action="${path}" class="inline" hx-post="${path}" hx-target="#list" hx-select="#list" hx-select-oob="#flash:innerHTML" hx-swap="outerHTML" hx-sync="this:drop">${csrfField(csrf)}${switchButton('enabled', enabled, `${enabled ? 'Disable' : 'Enable'} rule ${id}`, `switch-${id}`)}</form>`;
}
