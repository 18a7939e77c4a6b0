import type { CreatePolicyRuleRequestSchema } from '@mcr/rpc/mcr/v1/policy_pb';
import type { Input } from '../../api/json.ts';
import { usageError } from '../../cli/errors.ts';

/** A rule as a user writes it; the server fills in omitted fields, or leaves them unchanged. */
export type RuleBody = Input<typeof CreatePolicyRuleRequestSchema>;

/** What mcrctl adds to a rule. */
const names = ['subject_name', 'except_subject_names'] as const;

/** Fields that `mcrctl policy list --json` prints in addition to the body. */
const readOnly: ReadonlySet<string> = new Set([
  'id',
  'delegated',
  'created_by',
  'created_at',
  'updated_at',
  'warnings',
  ...names,
]);

/** Parses a new rule from JSON, where null means absent. Throws a usage error that names the field. */
export async function parseRuleBody(value: unknown, origin: string): Promise<RuleBody> {
  const { checkFields } = await import('./check-fields.ts');
  const given = fieldsOf(value, origin).filter(([, content]) => content !== null);
  return checkFields(Object.fromEntries(given), 'create');
}

/** Parses a change of a rule from JSON; a subject of null means any. Throws like `parseRuleBody`. */
export async function parseRuleChange(value: unknown, origin: string): Promise<RuleBody> {
  const { checkFields } = await import('./check-fields.ts');
  const given = fieldsOf(value, origin).map(([name, it]): Entry => [name, name === 'subject' ? (it ?? '') : it]);
  if (given.length === 0) throw usageError(`${origin} contains no change`, 'set at least one field of the rule');
  return checkFields(Object.fromEntries(given), 'update');
}

type Entry = readonly [name: string, content: unknown];

function fieldsOf(value: unknown, origin: string): readonly Entry[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError(`${origin} contains something other than rules`, 'a rule is a JSON object');
  }
  return Object.entries(value).filter(([name]) => !readOnly.has(name));
}

/** Whether a rule is a built-in one that the server printed; those exist everywhere. */
export function isBuiltIn(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && Number(value.id) < 0;
}
