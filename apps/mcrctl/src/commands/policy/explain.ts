import { actions } from '@mcr/core';
import { defineCommand } from '../../cli/command.ts';
import type { CommandContext } from '../../cli/context.ts';
import { parseRepository } from '../../cli/repository-argument.ts';
import type { Fact } from '../../output/layout.ts';
import { requireServer } from '../../settings/required.ts';
import { type Explanation, explanationFields, type Subject } from './explanation.ts';
import { ruleTitle } from './rule.ts';

/** `mcrctl policy explain`: PolicyService.ExplainPolicy. */
export const policyExplainCommand = defineCommand({
  name: 'policy explain <action> [repository]',
  describe: 'Explain how policy decides a request, and by which rule; about yourself unless told',
  positionals: {
    action: { describe: 'What for', choices: actions },
    repository: { describe: 'Where; left out for actions that concern none', complete: 'repository', optional: true },
  },
  options: {
    user: { type: 'string', requiresArg: true, complete: 'account', describe: 'A local account, by name' },
    id: { type: 'string', requiresArg: true, describe: 'UUID of the caller' },
    'account-type': { type: 'string', requiresArg: true, choices: ['human', 'system'], describe: 'Type of the caller' },
    role: { type: 'string', array: true, requiresArg: true, describe: 'Role of the caller; may be repeated' },
  },
  examples: [
    ['mcrctl policy explain registry:push team/app --user ci', 'See why the account ci may not push'],
    [
      'mcrctl policy explain registry:pull team/app --account-type system --role deploy',
      'See what any such account may do',
    ],
  ],
  fields: explanationFields,
  async run(context, { action, repository, user, id, 'account-type': accountType, role }) {
    const { explain } = await import('./client.ts');
    const isNobody = [user, id, accountType, role].every((given) => given === undefined);
    const principal = isNobody
      ? await whoAmI(context)
      : { id: id ?? '', username: user ?? '', account_type: accountType ?? '', roles: role ?? [] };
    const where = repository === undefined ? undefined : parseRepository(repository, requireServer(context.settings()));
    const explanation = await explain(await context.rpc(), { principal, action, repository: where });
    context.print.item(explanationFields, explanation, describe(explanation));
  },
});

async function whoAmI({ rpc }: CommandContext): Promise<Subject> {
  const { getCaller } = await import('../auth/client.ts');
  return await getCaller(await rpc());
}

function describe(explanation: Explanation): Fact[] {
  const { principal, matches } = explanation;
  return [
    ['decided_by', deciderOf(explanation)],
    [
      'caller',
      `${principal.username || principal.id || 'anybody'} (${[principal.account_type, ...principal.roles].join(', ')})`,
    ],
    ...matches.map((match): Fact => ['match', `rule ${ruleTitle(match)}: ${match.effect}`]),
  ];
}

function deciderOf({ rule_id: id, rule }: Explanation): string {
  if (rule !== undefined) return `rule ${ruleTitle(rule)}`;
  return id === undefined ? 'no rule matched, which denies' : `rule ${id}`;
}
