import { fromJson } from '@mcr/rpc';
import { CreatePolicyRuleRequestSchema, UpdatePolicyRuleRequestSchema } from '@mcr/rpc/mcr/v1/policy_pb';
import type { Client } from '../../api/client.ts';
import { needed } from '../../api/json.ts';
import { usageError } from '../../cli/errors.ts';
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

const schemas = { create: CreatePolicyRuleRequestSchema, update: UpdatePolicyRuleRequestSchema };
const hint = `the fields of a rule are ${CreatePolicyRuleRequestSchema.fields.map(({ name }) => name).join(', ')}`;

/**
 * Validates the fields of a rule for the request that they are sent in. Throws a usage error that names the first
 * invalid one.
 */
export function checkFields(body: Readonly<Record<string, unknown>>, request: keyof typeof schemas): RuleBody {
  const [first] = fromJson(schemas[request], body).problems;
  if (first === undefined) return body;
  const { field, problem } = first;
  throw usageError(`invalid rule: ${field === 'body' ? problem : `${field} ${problem}`}`, hint);
}
