import type { PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import type { Json } from '../../api/json.ts';
import { briefAction } from '../../output/brief.ts';
import type { Field } from '../../output/field.ts';
import type { Printer } from '../../output/printer.ts';

/** A rule, as the API returns it. */
export interface Rule extends Json<PolicyRule> {
  /** Names that mcrctl has looked up. */
  readonly subject_name?: string | undefined;
  readonly except_subject_names?: readonly string[] | undefined;
}

const any = 'any';

/** Fields of a rule. */
export const ruleFields: readonly Field<Rule>[] = [
  {
    name: 'id',
    kind: 'number',
    column: 'ID',
    describe: 'Id; negative for built-in rules',
    reference: ({ id }) => String(id),
  },
  {
    name: 'priority',
    kind: 'number',
    column: 'PRIORITY',
    describe: 'Priority; lower is evaluated first, 0 for built-in rules',
  },
  {
    name: 'effect',
    column: 'EFFECT',
    whole: true,
    tones: { allow: 'green', deny: 'red' },
    describe: '`allow` or `deny`; any deny takes precedence',
  },
  {
    name: 'enabled',
    kind: 'flag',
    column: 'ENABLED',
    tones: { no: 'yellow' },
    describe: 'Whether it is enabled',
  },
  {
    name: 'roles',
    kind: 'list',
    column: 'WHO',
    text: whoOf,
    none: any,
    describe: 'Roles, of which the caller has one; empty: any',
  },
  {
    name: 'account_types',
    kind: 'list',
    none: any,
    describe: 'Account types of the caller: `human`, `system`; empty: any',
  },
  { name: 'subject', none: any, describe: 'UUID of the calling account; null: any' },
  {
    name: 'actions',
    kind: 'list',
    column: 'ACTIONS',
    none: any,
    brief: ({ actions }) => actions.map(briefAction).join(', '),
    describe: 'Actions; empty: any',
  },
  {
    name: 'repositories',
    kind: 'list',
    column: 'REPOSITORIES',
    none: any,
    describe: 'Globs, of which the repository matches one; empty: any',
  },
  { name: 'except_roles', kind: 'list', describe: 'Roles whose callers do not match' },
  { name: 'except_subjects', kind: 'list', describe: 'UUIDs of accounts that do not match' },
  { name: 'delegated', kind: 'flag', describe: 'Whether a delegate has written it, and no admin has changed it since' },
  { name: 'subject_name', none: any, describe: 'Name of the calling account; null: any, or an account that is gone' },
  {
    name: 'except_subject_names',
    kind: 'list',
    describe: 'Names of accounts that do not match; UUIDs of those that are gone',
  },
  { name: 'description', column: 'DESCRIPTION', spare: true, describe: 'Description' },
  { name: 'created_by', describe: 'UUID of the account that created it' },
  { name: 'created_at', kind: 'time', describe: 'Time of creation' },
  { name: 'updated_at', kind: 'time', describe: 'Time of the last change' },
  {
    name: 'warnings',
    kind: 'object',
    describe: 'Parts of the rule that match nothing, or less than they seem to; also printed to stderr',
  },
];

/** The accounts that a rule applies to, in one cell. */
function whoOf({ roles, account_types: types, subject, subject_name: name, ...excepted }: Rule): string {
  const parts = [roles.join(' or '), types.join(' or '), name ?? subject ?? ''].filter((part) => part !== '');
  const others = [...excepted.except_roles, ...(excepted.except_subject_names ?? excepted.except_subjects)];
  const except = others.length === 0 ? '' : ` except ${others.join(' and ')}`;
  return `${parts.join(' and ') || any}${except}`;
}

/** Prints the warnings about rules, after the rules. */
export function sayWarnings(print: Pick<Printer, 'say'>, rules: readonly Rule[]): void {
  for (const rule of rules) for (const it of rule.warnings) print.say(`warning: rule ${ruleTitle(rule)}: ${it}`);
}

/** The title of a rule in messages. */
export function ruleTitle({ id, description }: Rule): string {
  return `${id}${description === '' ? '' : ` "${description}"`}`;
}
