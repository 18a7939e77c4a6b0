import { actions, repositoryActions } from '@mcr/core';
import { html } from 'hono/html';
import { card, pageHead } from '../../ui/card.ts';
import {
  checkbox,
  checkboxes,
  createsInPlace,
  csrfField,
  plain,
  problemNote,
  select,
  textField,
} from '../../ui/forms.ts';
import { icon } from '../../ui/icons.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { matchesPart, type PatternMatch } from './matches.ts';
import { maxPriority, type RuleFields } from './rule-fields.ts';

/** Properties of the page. */
export interface RuleProps {
  readonly csrf: string;
  /** Target of the form. */
  readonly action: string;
  readonly title: string;
  readonly rule: RuleFields;
  /** The mcrctl command that is equivalent to the form. */
  readonly command: string;
  /** Why the previous attempt failed. */
  readonly problem?: string | undefined;
  /** What the patterns match now. */
  readonly matches?: readonly PatternMatch[] | undefined;
  /** Whether to ask for confirmation that the rule applies to everything. */
  readonly isEverything?: boolean | undefined;
  /** What a delegate manages; absent for admins. */
  readonly scope?: readonly string[] | undefined;
  /** Whether a script puts the form above the list of rules; otherwise it is a page of its own. */
  readonly isInPlace?: boolean;
}

/** The form of a new or an existing rule. */
export function ruleView(props: RuleProps): Page {
  const { title, command, isInPlace = false } = props;
  const content = isInPlace
    ? newRulePlace(card('new-rule-title', title, form(props, 'form', createsInPlace(props.action, ...newRulePlaces))))
    : html`${pageHead(title)}
${form(props, 'card form form--page narrow')}`;
  const crumbs = [{ text: 'Access' }, { text: 'Policies', href: '/policies' }, { text: title }];
  return { title, crumbs, command, content };
}

/** Above the rules, where a script puts the form of a new one; empty until then. */
export function newRulePlace(content: Fragment = html``): Fragment {
  return html`<div id="new-rule">${content}</div>`;
}

/** What changes when the form is opened, sent or closed: its place, and the link that opens it, which gets the focus back. */
const newRulePlaces = ['#new-rule', '#new-rule-link'];

/** The link that opens the form of a new rule; `isBack` when the form has just been closed. */
export function newRuleLink(isBack: boolean): Fragment {
  return html`<a class="btn btn--primary" id="new-rule-link" href="/policies/new"${isBack ? html` autofocus` : ''} hx-boost="true" hx-target="#new-rule" hx-select="#new-rule" hx-swap="outerHTML show:none">${icon('plus')}New rule</a>`;
}

const cancelInPlace = html` data-cancel hx-get="/policies" hx-target="#new-rule" hx-select="#new-rule" hx-select-oob="#new-rule-link" hx-swap="outerHTML" hx-replace-url="true"`;

function form(props: RuleProps, classes: string, attributes: Fragment = html``): Fragment {
  const { csrf, action, rule, problem, matches, isEverything = false, scope, isInPlace = false } = props;
  return html`<form method="post" action="${action}" class="${classes}"${attributes}>${csrfField(csrf)}
${problemNote(problem)}
${scope === undefined ? '' : html`<p class="hint">You manage <code>${scope.join(', ')}</code>: each pattern has to lie within, in whole segments, then <code>*</code> or <code>**</code>.</p>`}
${fields(rule, scope === undefined ? actions : repositoryActions, isInPlace || problem !== undefined)}
${matchesPart(matches ?? [])}
${checkbox('enabled', 'on', 'Enabled', rule.enabled)}
${isEverything ? everything(rule) : ''}
<div class="form__acts"><button class="btn btn--primary">Save rule</button><a class="btn" href="/policies"${isInPlace ? cancelInPlace : ''}>Cancel</a></div></form>`;
}

function fields(rule: RuleFields, offered: readonly string[], autofocus: boolean): Fragment {
  const priority = {
    type: 'number',
    name: 'priority',
    min: 1,
    max: maxPriority,
    step: 1,
    value: rule.priority,
    required: true,
    'aria-describedby': 'priority-hint',
  };
  return html`${textField('Description', { name: 'description', value: rule.description, maxlength: 1000, autofocus })}
<div class="pair">${select('effect', 'Effect', rule.effect, [
    ['allow', 'allow'],
    ['deny', 'deny'],
  ])}
${textField('Priority', priority)}</div>
<p id="priority-hint" class="hint">Lower is evaluated first. It determines which of several allowing rules is reported; a deny always takes precedence.</p>
${checkboxes('account_type', 'Account types (none: any account)', rule.accountTypes, [
  ['human', 'human'],
  ['system', 'system'],
  ['anonymous', 'anonymous, for guests'],
])}
<div class="pair">${textField('Roles, separated by commas (empty: any)', { name: 'roles', value: rule.roles.join(', '), ...plain })}
${textField('Account, by name or UUID (empty: any)', { name: 'subject', value: rule.subject, ...plain })}</div>
<div class="pair">${textField('Except roles, separated by commas', { name: 'except_roles', value: rule.exceptRoles.join(', '), ...plain })}
${textField('Except accounts, separated by commas', { name: 'except_subjects', value: rule.exceptSubjects.join(', '), ...plain })}</div>
${checkboxes(
  'action',
  'Actions (none: any)',
  rule.actions,
  offered.map((it) => [it, it] as const),
)}
<label class="field"><span>Repositories, one pattern per line (empty: any)</span><textarea class="input" name="repositories" rows="3" spellcheck="false" aria-describedby="repositories-hint" hx-get="/policies/matches" hx-trigger="input changed delay:400ms" hx-target="#matches" hx-swap="outerHTML" hx-sync="this:replace">${rule.repositories.join('\n')}</textarea></label>
<p id="repositories-hint" class="hint"><code>team/*</code> matches <code>team/app</code>, not <code>team/app/web</code>, and <code>team/**</code> matches both; <code>?</code> matches one character, <code>[a-c]</code> one of several; <code>{username}</code> is the name of the caller.</p>`;
}

function everything({ effect }: RuleFields): Fragment {
  return html`<p class="problem" role="alert">This rule has no conditions: it would ${effect} every action of every account in every repository.</p>
${checkbox('everything', 'on', 'Apply it to everything', false, html` required`)}`;
}
