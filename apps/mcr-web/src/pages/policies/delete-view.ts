import type { PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import { html } from 'hono/html';
import { mcrctl } from '../../ui/commands.ts';
import { csrfField } from '../../ui/forms.ts';
import type { Page } from '../../ui/page.ts';
import { effect, who } from './view.ts';

/** Asks for confirmation of the deletion of a rule. */
export function deleteRuleView({ csrf, rule }: { readonly csrf: string; readonly rule: PolicyRule }): Page {
  const content = html`<h1>Delete rule ${rule.id}?</h1>
<p>${effect(rule.effect)} ${rule.description || 'It has no description'}, for ${who(rule)}. Deleting it takes effect immediately.</p>
<form method="post" action="/policies/${rule.id}/delete" class="actions">${csrfField(csrf)}
<button class="danger">Delete rule</button> <a href="/policies">Cancel</a></form>`;
  return { title: `Delete rule ${rule.id}`, command: mcrctl('policy', 'delete', String(rule.id)), content };
}
