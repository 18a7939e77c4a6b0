import { Code, ConnectError } from '@connectrpc/connect';
import type { PolicyRule } from '@mcr/rpc/mcr/v1/policy_pb';
import { field, listField } from '../../http/form.ts';

/** The values of a rule's form. */
export interface RuleFields {
  /** As typed. */
  readonly priority: string;
  readonly description: string;
  readonly effect: string;
  readonly roles: string[];
  readonly accountTypes: string[];
  readonly subject: string;
  readonly actions: string[];
  readonly repositories: string[];
  readonly exceptRoles: string[];
  readonly exceptSubjects: string[];
  readonly enabled: boolean;
}

/** Initial values of a new rule. */
export const emptyRule: RuleFields = {
  priority: '100',
  description: '',
  effect: 'allow',
  roles: [],
  accountTypes: [],
  subject: '',
  actions: [],
  repositories: [],
  exceptRoles: [],
  exceptSubjects: [],
  enabled: true,
};

/** Initial values of an existing rule. */
export function fieldsOf(rule: PolicyRule): RuleFields {
  const { description, effect, roles, accountTypes, subject = '', actions, repositories, enabled } = rule;
  const { exceptRoles, exceptSubjects } = rule;
  const scope = { roles, accountTypes, subject, actions, repositories, exceptRoles, exceptSubjects };
  return { priority: String(rule.priority), description, effect, ...scope, enabled };
}

/** The largest that the registry takes. */
export const maxPriority = 1_000_000;

/** Parses the form of a rule; the registry validates its values. */
export function readRule(form: URLSearchParams): RuleFields {
  return {
    priority: field(form, 'priority'),
    description: field(form, 'description'),
    effect: field(form, 'effect'),
    roles: listField(form, 'roles'),
    accountTypes: form.getAll('account_type'),
    subject: field(form, 'subject'),
    actions: form.getAll('action'),
    repositories: listField(form, 'repositories'),
    exceptRoles: listField(form, 'except_roles'),
    exceptSubjects: listField(form, 'except_subjects'),
    enabled: form.has('enabled'),
  };
}

/** Converts the form to an API request. Throws a ConnectError for an invalid priority. */
export function toRule({ priority: text, ...rest }: RuleFields) {
  const priority = Number(text);
  if (!Number.isInteger(priority) || priority < 1 || priority > maxPriority) {
    throw new ConnectError(`Priority must be a whole number, 1 to ${maxPriority}`, Code.InvalidArgument);
  }
  return { priority, ...rest };
}

/** Converts the form to a change that sets every field. */
export function toChange(fields: RuleFields) {
  const { roles, accountTypes, actions, repositories, exceptRoles, exceptSubjects, ...rest } = toRule(fields);
  return {
    ...rest,
    roles: { values: roles },
    accountTypes: { values: accountTypes },
    actions: { values: actions },
    repositories: { values: repositories },
    exceptRoles: { values: exceptRoles },
    exceptSubjects: { values: exceptSubjects },
  };
}

/** Whether the form has no conditions. */
export function isEverything({ roles, accountTypes, subject, actions, repositories, ...rest }: RuleFields): boolean {
  const conditions = [roles, accountTypes, subject, actions, repositories, rest.exceptRoles, rest.exceptSubjects];
  return conditions.every(({ length }) => length === 0);
}

/** Parses the id in a path. Throws a ConnectError if it is invalid. */
export function ruleId(text: string | undefined): bigint {
  if (text !== undefined && /^[1-9][0-9]{0,15}$/.test(text)) return BigInt(text);
  throw new ConnectError('Rule not found', Code.NotFound);
}
