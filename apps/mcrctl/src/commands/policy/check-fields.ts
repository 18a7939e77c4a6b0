import { fromJson } from '@mcr/rpc';
import { CreatePolicyRuleRequestSchema, UpdatePolicyRuleRequestSchema } from '@mcr/rpc/mcr/v1/policy_pb';
import { usageError } from '../../cli/errors.ts';
import type { RuleBody } from './rule-body.ts';

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
