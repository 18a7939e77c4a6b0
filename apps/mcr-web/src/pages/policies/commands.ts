import { listItems } from '../../http/form.ts';
import { mcrctl, option } from '../../ui/commands.ts';
import type { Question } from './question.ts';
import { isEverything, type RuleFields } from './rule-fields.ts';

/** The command that makes the same change to a rule as its form. */
export function updateCommand(id: bigint, rule: RuleFields): string {
  const each = (name: string, values: readonly string[]) => values.flatMap((value) => option(name, value));
  return mcrctl('policy', 'update', String(id), [
    ...option('priority', rule.priority),
    ...option('description', rule.description),
    ...option('effect', rule.effect),
    ...each('role', rule.roles),
    ...each('account-type', rule.accountTypes),
    ...option('subject', rule.subject),
    ...each('action', rule.actions),
    ...each('repository', rule.repositories),
    ...each('not-role', rule.exceptRoles),
    ...each('not-subject', rule.exceptSubjects),
    ...(isEverything(rule) ? ['--everything'] : []),
  ]);
}

/** The command that explains the same request, or lists the rules without one. */
export function policiesCommand({ request, who, accountType, roles, action, repository }: Question): string {
  if (request === undefined) return mcrctl('policy', 'list');
  const where = repository === '' ? [] : [repository];
  return mcrctl('policy', 'explain', action, where, [
    ...option('user', who),
    ...option('account-type', accountType),
    ...listItems(roles).flatMap((role) => option('role', role)),
  ]);
}
