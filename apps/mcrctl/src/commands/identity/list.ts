import type { Identity } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Client } from '../../api/client.ts';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { CliError } from '../../cli/errors.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import type { Field } from '../../output/field.ts';

/** Fields of a person. */
export const identityFields: readonly Field<Json<Identity>>[] = [
  { name: 'username', column: 'NAME', describe: 'Name, as of the last sign-in', reference: (it) => it.username },
  { name: 'provider', column: 'PROVIDER', describe: 'Name of the provider in the configuration, or mcias' },
  { name: 'roles', kind: 'list', column: 'ROLES', none: 'none', describe: 'Roles, as of the last sign-in' },
  {
    name: 'blocked',
    kind: 'flag',
    column: 'BLOCKED',
    tones: { yes: 'yellow' },
    describe: 'Whether sign-in and tokens are rejected',
  },
  { name: 'signed_in_at', kind: 'time', column: 'SIGNED IN', describe: 'Time of the last sign-in' },
  { name: 'id', column: 'ID', wide: true, describe: 'UUID, the `subject` of policy rules' },
  { name: 'subject', describe: 'Subject at the provider' },
  { name: 'created_at', kind: 'time', describe: 'Time of the first sign-in' },
];

/** The positional argument of commands on one person. */
export const identityArgument = { username: { describe: 'Name of the person', complete: 'identity' } } as const;

/** `mcrctl identity list`: AdminService.ListIdentities. */
export const identityListCommand = defineCommand({
  name: 'identity list',
  describe: 'List people who have signed in at an OpenID provider, and owners of tokens that MCIAS keeps, by name',
  options: limitOption,
  examples: [['mcrctl identity list', 'See who signs in at a provider']],
  fields: identityFields,
  async run({ print, client }, { limit }) {
    const about = { to: 'list the identities', limit: parseCount(limit, '--limit') };
    const pages = (await client()).pages('admin.listIdentities', {}, about, ({ identities }) => identities);
    await print.list(identityFields, pages, 'No identities');
  },
});

/** The person with this name; the API identifies people by id. Throws a CliError if there is none. */
export async function findIdentity(client: Client, username: string): Promise<Json<Identity>> {
  const pages = client.pages('admin.listIdentities', {}, { to: 'list the identities' }, ({ identities }) => identities);
  for await (const page of pages) {
    const identity = page.find((it) => it.username === username);
    if (identity !== undefined) return identity;
  }
  throw new CliError(`identity ${username} not found`, {
    hint: 'mcrctl identity list shows the people who have signed in',
    exitCode: exitCodes.notFound,
  });
}
