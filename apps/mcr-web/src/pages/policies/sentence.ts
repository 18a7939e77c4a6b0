import type { PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import { html } from 'hono/html';
import type { Fragment } from '../../ui/page.ts';

/** A rule as a sentence, such as "Allow role ci to pull and push in team/*". */
export function sentence(rule: PolicyRule): Fragment {
  const actions = rule.actions.map((action) => html`${action.replace(/^registry:/, '')}`);
  const what = actions.length === 0 ? html`everything` : html`to ${joined(actions)}`;
  const places = rule.repositories.map((pattern) => html`<code>${pattern}</code>`);
  const where = places.length === 0 ? html`everywhere` : html`in ${joined(places)}`;
  return html`${effect(rule.effect)} ${who(rule)}${exceptions(rule)} ${what} ${where}`;
}

/** What a rule does; only a denial has a color. */
export function effect(value: string): Fragment {
  if (value === 'allow') return html`<span class="allow">Allow</span>`;
  return html`<span class="deny">${value === 'deny' ? 'Deny' : value}</span>`;
}

/** The accounts that a rule applies to. */
export function who({ roles, accountTypes, subject }: PolicyRule): Fragment {
  const named = accountTypes.filter((type) => type !== 'anonymous');
  const guests = accountTypes.includes('anonymous') ? ['guests'] : [];
  const accounts = named.length === 0 ? [] : [`${named.join(' and ')} accounts`];
  const types = accountTypes.length === 0 ? [] : [html`${[...accounts, ...guests].join(' and ')}`];
  const names = roles.map((role) => html`<code>${role}</code>`);
  const parts = [
    ...types,
    ...(names.length === 0 ? [] : [html`${types.length === 0 ? '' : 'with '}role ${joined(names)}`]),
    ...(subject === undefined ? [] : [html`account <code>${subject}</code>`]),
  ];
  return parts.length === 0
    ? html`all accounts`
    : html`${parts.map((part, at) => html`${at === 0 ? '' : ' '}${part}`)}`;
}

/** The callers that a rule leaves out. */
function exceptions({ exceptRoles, exceptSubjects }: PolicyRule): Fragment {
  const names = [
    ...exceptRoles.map((role) => html`role <code>${role}</code>`),
    ...exceptSubjects.map((subject) => html`account <code>${subject}</code>`),
  ];
  return names.length === 0 ? html`` : html` except ${joined(names)}`;
}

function joined(parts: readonly Fragment[]): Fragment {
  return html`${parts.map((part, at) => html`${at === 0 ? '' : at === parts.length - 1 ? ' and ' : ', '}${part}`)}`;
}
