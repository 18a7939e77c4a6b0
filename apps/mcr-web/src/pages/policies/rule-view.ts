import { actions } from '@mcr/core';
import { html } from 'hono/html';
import { checkboxes, csrfField, problemNote, select } from '../../ui/forms.ts';
import type { Page } from '../../ui/page.ts';
import type { RuleFields } from './rule-fields.ts';

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
  /** Whether to ask for confirmation that the rule applies to everything. */
  readonly isEverything?: boolean | undefined;
}

/** The form of a new or an existing rule. */
export function ruleView({ csrf, action, title, rule, command, problem, isEverything = false }: RuleProps): Page {
  const content = html`<h1>${title}</h1>
<form method="post" action="${action}" class="stack">${csrfField(csrf)}
${problemNote(problem)}
<label>Description <input name="description" value="${rule.description}" maxlength="1000"></label>
${select('effect', 'Effect', rule.effect, [
  ['allow', 'allow'],
  ['deny', 'deny'],
])}
<label>Priority <input type="number" name="priority" min="1" max="2147483647" step="1" value="${rule.priority}" required aria-describedby="priority-hint"></label>
<p id="priority-hint" class="hint">Lower is evaluated first. It determines which of several allowing rules is reported; a deny always takes precedence.</p>
${checkboxes('account_type', 'Account types (none: any)', rule.accountTypes, [
  ['human', 'human'],
  ['system', 'system'],
])}
<label>Roles, separated by commas (empty: any) <input name="roles" value="${rule.roles.join(', ')}" autocomplete="off" spellcheck="false"></label>
<label>Account id, a UUID (empty: any) <input name="subject" value="${rule.subject}" autocomplete="off" spellcheck="false"></label>
${checkboxes(
  'action',
  'Actions (none: any)',
  rule.actions,
  actions.map((it) => [it, it] as const),
)}
<label>Repositories, one pattern per line (empty: any) <textarea name="repositories" rows="3" spellcheck="false" aria-describedby="repositories-hint">${rule.repositories.join('\n')}</textarea></label>
<p id="repositories-hint" class="hint"><code>team/*</code> matches <code>team/app</code>, not <code>team/app/web</code>; <code>?</code> matches one character, <code>[a-c]</code> one of several.</p>
<label class="check"><input type="checkbox" name="enabled" value="on"${rule.enabled ? html` checked` : ''}> Enabled</label>
${
  isEverything
    ? html`<p class="notice bad" role="alert">This rule has no conditions: it would ${rule.effect} every action of every account in every repository.</p>
<label class="check"><input type="checkbox" name="everything" value="on" required> Apply it to everything</label>
`
    : ''
}<p class="actions"><button class="primary">Save rule</button> <a href="/policies">Cancel</a></p></form>`;
  return { title, command, content };
}
