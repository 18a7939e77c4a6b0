import type { PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';
import type { Printer } from '../../output/printer.ts';

/** A rule, in the words of the API. */
export type Rule = Json<PolicyRule>;

const any = 'any';

/** Fields of a rule. */
export const ruleFields: readonly Field<Rule>[] = [
  { name: 'id', kind: 'number', column: 'ID', describe: 'Positive for rules of your own, negative for built-in ones' },
  { name: 'priority', kind: 'number', column: 'PRIORITY', describe: 'Lower is looked at first; 0 for built-in rules' },
  {
    name: 'effect',
    column: 'EFFECT',
    tones: { allow: 'green', deny: 'red' },
    describe: '`allow` or `deny`; any deny wins',
  },
  {
    name: 'enabled',
    kind: 'flag',
    column: 'ENABLED',
    tones: { no: 'yellow' },
    describe: 'Whether it takes part in decisions',
  },
  {
    name: 'roles',
    kind: 'list',
    column: 'WHO',
    text: whoOf,
    none: any,
    describe: 'The caller has one of these; empty: any',
  },
  { name: 'account_types', kind: 'list', none: any, describe: 'The caller is one of `human`, `system`; empty: any' },
  { name: 'subject', none: any, describe: 'The caller is this account, by UUID; null: any' },
  { name: 'actions', kind: 'list', column: 'ACTIONS', none: any, describe: 'The action is one of these; empty: any' },
  {
    name: 'repositories',
    kind: 'list',
    column: 'REPOSITORIES',
    none: any,
    describe: 'The repository matches one of these globs; empty: any',
  },
  { name: 'description', column: 'DESCRIPTION', describe: 'What it is for' },
  { name: 'created_by', describe: 'UUID of the account that made it' },
  { name: 'created_at', kind: 'time', describe: 'When it was made' },
  { name: 'updated_at', kind: 'time', describe: 'When it was last changed' },
  {
    name: 'warnings',
    kind: 'object',
    describe: 'Parts of the rule that match nothing, or less than they look like; they are printed to stderr, too',
  },
];

/** Whom a rule is about, in one cell. */
function whoOf({ roles, account_types: types, subject }: Rule): string {
  const parts = [roles.join(' or '), types.join(' or '), subject ?? ''].filter((part) => part !== '');
  return parts.join(' and ') || any;
}

/** Says what is odd about rules; after they were printed. */
export function sayWarnings(print: Pick<Printer, 'say'>, rules: readonly Rule[]): void {
  for (const rule of rules) for (const it of rule.warnings) print.say(`warning: rule ${ruleTitle(rule)}: ${it}`);
}

/** How a rule is called in messages. */
export function ruleTitle({ id, description }: Rule): string {
  return `${id}${description === '' ? '' : ` "${description}"`}`;
}
