import { actions } from '@mcr/core';
import type { ExplainPolicyResponse } from '@mcr/rpc/mcr/v1/policy_pb';
import { type Json, needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { parseRepository } from '../../cli/repository-argument.ts';
import type { Field } from '../../output/field.ts';
import type { Fact } from '../../output/layout.ts';
import { getCaller } from '../auth/whoami.ts';
import { ruleTitle } from './rule.ts';

type Explanation = Json<ExplainPolicyResponse>;

const fields: readonly Field<Explanation>[] = [
  { name: 'effect', describe: '`allow` or `deny`', tones: { allow: 'green', deny: 'red' } },
  { name: 'rule_id', kind: 'object', describe: 'Id of the deciding rule; null if none matched, which means deny' },
  {
    name: 'rule',
    kind: 'object',
    describe: 'The deciding rule; null if none matched, and for callers other than admins',
  },
  { name: 'principal', kind: 'object', describe: 'The account that the request was evaluated for' },
  { name: 'policy_default', describe: 'What applies where no rule says anything: `open` or `closed`' },
  {
    name: 'matches',
    kind: 'object',
    describe: 'All matching rules in the order of evaluation; empty for callers other than admins',
  },
  {
    name: 'near_misses',
    kind: 'object',
    describe:
      'Rules that nearly allowed what none allows, with the fields that failed; empty for callers other than admins',
  },
];

/** `mcrctl policy explain`: PolicyService.ExplainPolicy. */
export const policyExplainCommand = defineCommand({
  name: 'policy explain <action> [repository]',
  describe: 'Explain how policy decides a request, and by which rule (default: for your own account)',
  positionals: {
    action: { describe: 'Action of the request', choices: actions },
    repository: {
      describe: 'Repository of the request; omit it for actions that concern none',
      complete: 'repository',
      optional: true,
    },
  },
  options: {
    user: { type: 'string', requiresArg: true, complete: 'account', describe: 'Local account, by name' },
    id: { type: 'string', requiresArg: true, describe: 'Caller, by UUID' },
    'account-type': {
      type: 'string',
      requiresArg: true,
      choices: ['human', 'system', 'anonymous'],
      describe: 'Type of the caller; anonymous: a guest',
    },
    role: { type: 'string', array: true, requiresArg: true, describe: 'Role of the caller; may be repeated' },
  },
  examples: [
    ['mcrctl policy explain registry:push team/app --user ci', 'See why the account ci may not push'],
    [
      'mcrctl policy explain registry:pull team/app --account-type system --role deploy',
      'See what such an account may do',
    ],
    ['mcrctl policy explain registry:pull public/app --account-type anonymous', 'See whether guests may pull'],
  ],
  fields,
  async run({ print, client }, { action, repository, user, id, 'account-type': accountType, role }) {
    const api = await client();
    const isOwnAccount = [user, id, accountType, role].every((given) => given === undefined);
    const principal = isOwnAccount
      ? (await getCaller(api)).principal
      : { id: id ?? '', username: user ?? '', account_type: accountType ?? '', roles: role ?? [] };
    const where = repository === undefined ? undefined : parseRepository(repository, api.server);
    const input = { principal, action, repository: where };
    const explanation = await api.call('policy.explainPolicy', input, { to: 'explain the decision' });
    print.item(fields, explanation, describe(explanation));
  },
});

function describe(explanation: Explanation): Fact[] {
  const { id, username, account_type: type, roles } = needed(explanation.principal, 'principal');
  return [
    ['decided_by', deciderOf(explanation)],
    ['caller', `${username || id || 'any account'} (${[type, ...roles].join(', ')})`],
    ...explanation.matches.map((match): Fact => ['match', `rule ${ruleTitle(match)}: ${match.effect}`]),
    ...explanation.near_misses.map(({ rule, failed }): Fact => {
      const nearly = needed(rule, 'rule');
      return ['near_miss', `rule ${ruleTitle(nearly)} would allow it, but for: ${failed.join(', ')}`];
    }),
  ];
}

function deciderOf({ rule_id: id, rule, policy_default: policyDefault }: Explanation): string {
  if (rule !== undefined) return `rule ${ruleTitle(rule)}`;
  if (id !== undefined) return `rule ${id}`;
  const why = policyDefault === 'closed' ? ', since the registry is closed (policy.default)' : '';
  return `no rule matched, which means deny${why}`;
}
