import { actions } from '@mcr/core';
import { usageError } from '../../cli/errors.ts';
import { parseCount } from '../../cli/limit-option.ts';
import type { RuleBody } from './rule-body.ts';

const list = { type: 'string', array: true, requiresArg: true } as const;

/** A rule given by flags. */
export const ruleOptions = {
  effect: {
    type: 'string',
    requiresArg: true,
    choices: ['allow', 'deny'],
    describe: 'Effect of the rule; any deny takes precedence',
  },
  priority: { type: 'string', requiresArg: true, describe: 'Priority, at least 1; lower is evaluated first' },
  description: { type: 'string', requiresArg: true, describe: 'Description' },
  role: { ...list, describe: 'Role of the caller; may be repeated' },
  'account-type': {
    ...list,
    choices: ['human', 'system', 'anonymous'],
    describe: 'Account type of the caller; may be repeated; anonymous: guests',
  },
  subject: {
    type: 'string',
    requiresArg: true,
    complete: 'account',
    describe: 'Account of the caller, by name or UUID',
  },
  'not-role': { ...list, describe: 'Role whose callers the rule is not about; may be repeated' },
  'not-subject': {
    ...list,
    complete: 'account',
    describe: 'Account that the rule is not about, by name or UUID; may be repeated',
  },
  action: { ...list, choices: actions, describe: 'Action of the request; may be repeated' },
  repository: {
    ...list,
    describe: 'Pattern for the repository, such as prod/**; may be repeated',
    complete: 'repository',
  },
} as const;

/** The values of {@link ruleOptions}. */
export interface RuleArguments {
  readonly effect?: string | undefined;
  readonly priority?: string | undefined;
  readonly description?: string | undefined;
  readonly role?: readonly string[] | undefined;
  readonly 'account-type'?: readonly string[] | undefined;
  readonly subject?: string | undefined;
  readonly 'not-role'?: readonly string[] | undefined;
  readonly 'not-subject'?: readonly string[] | undefined;
  readonly action?: readonly string[] | undefined;
  readonly repository?: readonly string[] | undefined;
}

/** The rule that the flags describe. Throws a usage error for an invalid priority. */
export function ruleFromOptions(args: RuleArguments): RuleBody {
  const { effect, description, subject, role: roles, action: actions, repository: repositories } = args;
  const priority = parseCount(args.priority, '--priority');
  const body = {
    effect,
    priority,
    description,
    subject,
    roles,
    account_types: args['account-type'],
    actions,
    repositories,
    except_roles: args['not-role'],
    except_subjects: args['not-subject'],
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** Parses a rule id, a whole number. Throws a usage error. */
export function parseRuleId(text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw usageError(`invalid rule id "${text}"`, 'mcrctl policy list shows the ids');
}

/** The positional argument of commands on a rule. */
export const ruleArgument = { id: { describe: 'Id of the rule', complete: 'rule' } } as const;
