import { actions } from '@mcr/core';
import { usageError } from '../../cli/errors.ts';
import { parseCount } from '../../cli/limit-option.ts';
import type { RuleBody } from './rule-body.ts';

const list = { type: 'string', array: true, requiresArg: true } as const;

/** A rule by flags. */
export const ruleOptions = {
  effect: {
    type: 'string',
    requiresArg: true,
    choices: ['allow', 'deny'],
    describe: 'What the rule does; any deny wins',
  },
  priority: { type: 'string', requiresArg: true, describe: 'Lower is looked at first; at least 1' },
  description: { type: 'string', requiresArg: true, describe: 'What it is for' },
  role: { ...list, describe: 'The caller has this role; may be repeated' },
  'account-type': { ...list, choices: ['human', 'system'], describe: 'The caller is of this type; may be repeated' },
  subject: { type: 'string', requiresArg: true, describe: 'The caller is this account, by UUID' },
  action: { ...list, choices: actions, describe: 'The action is this one; may be repeated' },
  repository: { ...list, describe: 'The repository matches this glob; may be repeated', complete: 'repository' },
} as const;

/** The values of {@link ruleOptions}. */
export interface RuleArguments {
  readonly effect?: string | undefined;
  readonly priority?: string | undefined;
  readonly description?: string | undefined;
  readonly role?: readonly string[] | undefined;
  readonly 'account-type'?: readonly string[] | undefined;
  readonly subject?: string | undefined;
  readonly action?: readonly string[] | undefined;
  readonly repository?: readonly string[] | undefined;
}

/** The rule that the flags describe. Throws a usage error for a priority that is no number. */
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
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** Rule ids are whole numbers. Throws a usage error. */
export function parseRuleId(text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw usageError(`"${text}" is no id of a rule`, 'mcrctl policy list shows the ids');
}

/** The positional argument of commands on a rule. */
export const ruleArgument = { id: { describe: 'Id of the rule', complete: 'rule' } } as const;
