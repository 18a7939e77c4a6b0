import type { PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import { html } from 'hono/html';
import { pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { csrfField } from '../../ui/forms.ts';
import { icon } from '../../ui/icons.ts';
import type { Page } from '../../ui/page.ts';
import { sentence } from './sentence.ts';

/** Asks for confirmation of the deletion of a rule. */
export function deleteRuleView({ csrf, rule }: { readonly csrf: string; readonly rule: PolicyRule }): Page {
  const content = html`${pageHead(`Delete rule ${rule.id}?`)}
<form method="post" action="/policies/${rule.id}/delete" class="card narrow">${csrfField(csrf)}
<dl class="kv plan__kv plan__top"><dt>Rule</dt><dd><bdi>${rule.description || 'It has no description'}</bdi></dd>
<dt>It says</dt><dd>${sentence(rule)}</dd><dt>When</dt><dd>Deleting it takes effect immediately</dd></dl>
<div class="card__foot plan__go"><span class="plan__btns"><a class="btn" href="/policies">Cancel</a><button class="btn btn--bad">${icon('trash')}Delete rule</button></span></div></form>`;
  const crumbs = [{ text: 'Access' }, { text: 'Policies', href: '/policies' }, { text: `Delete rule ${rule.id}` }];
  return { title: `Delete rule ${rule.id}`, crumbs, command: mcrctl('policy', 'delete', String(rule.id)), content };
}
