import type { Delegation } from '@mcr/rpc/mcr/v1/policy_pb';
import type { Client } from '../../api/client.ts';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { CliError, usageError } from '../../cli/errors.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import type { Field } from '../../output/field.ts';
import { accountOption } from '../token/token.ts';

/** Fields of a delegation. */
export const delegationFields: readonly Field<Json<Delegation>>[] = [
  { name: 'username', column: 'ACCOUNT', describe: 'Name of the account, as of the grant' },
  { name: 'pattern', column: 'REPOSITORIES', describe: 'Pattern of the repositories' },
  { name: 'granted_by_name', column: 'GRANTED BY', none: '-', describe: 'Name of the admin who granted it' },
  { name: 'granted_at', kind: 'time', column: 'GRANTED', describe: 'Time of the grant' },
  { name: 'id', describe: 'UUID' },
  { name: 'account_id', describe: 'UUID of the account' },
  { name: 'granted_by', describe: 'UUID of the admin who granted it' },
];

/** The positional arguments of commands on one delegation. */
export const delegationArguments = {
  username: { describe: 'Name of the account, or its UUID', complete: 'account' },
  pattern: { describe: "Whole segments, then * or **, such as 'team-x/**'" },
} as const;

/** `mcrctl account delegations`: PolicyService.ListDelegations. */
export const accountDelegationsCommand = defineCommand({
  name: 'account delegations',
  describe:
    'List who manages rules and tokens of which repositories: your own delegations, those of an account, or all',
  options: {
    ...accountOption,
    all: {
      type: 'boolean',
      default: false,
      describe: 'List the delegations of all accounts, which requires the role admin',
    },
    ...limitOption,
  },
  examples: [
    ['mcrctl account delegations', 'What you are a delegate for'],
    ['mcrctl account delegations --all', 'Who is a delegate, and for what'],
  ],
  fields: delegationFields,
  async run({ print, client }, { account, all, limit }) {
    if (all && account !== undefined) throw usageError('--all and --account exclude each other', 'omit one of them');
    const about = { to: 'list the delegations', limit: parseCount(limit, '--limit') };
    const input = account === undefined ? { all } : { account };
    const pages = (await client()).pages('policy.listDelegations', input, about, ({ delegations }) => delegations);
    await print.list(delegationFields, pages, 'No delegations');
  },
});

/** The delegation of an account for a pattern; the API identifies delegations by id. Throws a CliError if there is none. */
export async function findDelegation(client: Client, account: string, pattern: string): Promise<Json<Delegation>> {
  const about = { to: 'list the delegations' };
  const pages = client.pages('policy.listDelegations', { account }, about, ({ delegations }) => delegations);
  for await (const page of pages) {
    const delegation = page.find((it) => it.pattern === pattern);
    if (delegation !== undefined) return delegation;
  }
  throw new CliError(`${account} is no delegate for ${pattern}`, {
    hint: `mcrctl account delegations --account ${account} shows the delegations`,
    exitCode: exitCodes.notFound,
  });
}
