import type { CreatePolicyRuleRequestSchema } from '@mcr/rpc/mcr/v1/policy_pb';
import type { Input } from '../../api/json.ts';
import { usageError } from '../../cli/errors.ts';

/** A rule as a person writes it; what is left out is the server's to fill in, or stays as it is. */
export type RuleBody = Input<typeof CreatePolicyRuleRequestSchema>;

/** What `mcrctl policy list --json` prints beside the body. */
const readOnly: ReadonlySet<string> = new Set(['id', 'created_by', 'created_at', 'updated_at', 'warnings']);

/** Reads a new rule from JSON, with null for what is absent. Throws a usage error that names the field. */
export async function parseRuleBody(value: unknown, origin: string): Promise<RuleBody> {
  const { checkFields } = await import('./rules.ts');
  const given = fieldsOf(value, origin).filter(([, content]) => content !== null);
  return checkFields(Object.fromEntries(given), 'create');
}

/** Reads what is to change in a rule from JSON; a subject of null makes it any. Throws as `parseRuleBody` does. */
export async function parseRuleChange(value: unknown, origin: string): Promise<RuleBody> {
  const { checkFields } = await import('./rules.ts');
  const given = fieldsOf(value, origin).map(([name, it]): Entry => [name, name === 'subject' ? (it ?? '') : it]);
  if (given.length === 0) throw usageError(`${origin} holds no change`, 'name at least one field of the rule');
  return checkFields(Object.fromEntries(given), 'update');
}

type Entry = readonly [name: string, content: unknown];

function fieldsOf(value: unknown, origin: string): readonly Entry[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError(`${origin} holds something else than rules`, 'a rule is a JSON object');
  }
  return Object.entries(value).filter(([name]) => !readOnly.has(name));
}

/** Whether a rule was printed by the server as one of its built-in ones, which exist everywhere. */
export function isBuiltIn(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && Number(value.id) < 0;
}
