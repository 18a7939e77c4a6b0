import type { Client } from '../../api/client.ts';
import { needed } from '../../api/json.ts';
import type { Rule } from './rule.ts';
import type { RuleBody } from './rule-body.ts';

/** The way out when there is no such rule. */
export const hints = { missing: 'mcrctl policy list shows the rules' };

/** PolicyService.GetPolicyRule. */
export async function getRule(client: Client, id: number): Promise<Rule> {
  const { rule } = await client.call('policy.getPolicyRule', { id }, { to: `show rule ${id}`, hints });
  return needed(rule, 'rule');
}

/** PolicyService.UpdatePolicyRule: what is left out stays. */
export async function updateRule(client: Client, id: number, change: RuleBody): Promise<Rule> {
  const { rule } = await client.call('policy.updatePolicyRule', { ...change, id }, { to: `change rule ${id}`, hints });
  return needed(rule, 'rule');
}
