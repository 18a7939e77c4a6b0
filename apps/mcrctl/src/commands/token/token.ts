import type { AccessToken } from '@mcr/rpc/mcr/v1/tokens_pb';
import type { Client } from '../../api/client.ts';
import { type Json, needed } from '../../api/json.ts';
import type { CommandContext } from '../../cli/context.ts';
import { CliError } from '../../cli/errors.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { briefAction } from '../../output/brief.ts';
import type { Field } from '../../output/field.ts';
import { parseSeconds } from '../../settings/duration.ts';

/** Fields of a token. */
export const tokenFields: readonly Field<Json<AccessToken>>[] = [
  { name: 'name', column: 'NAME', describe: 'Name', reference: ({ name }) => name },
  { name: 'username', column: 'ACCOUNT', describe: 'Name of the account' },
  {
    name: 'actions',
    kind: 'list',
    column: 'ACTIONS',
    none: 'all',
    spare: true,
    brief: ({ actions }) => actions.map(briefAction).join(', '),
    describe: 'Actions; empty: all that the account may',
  },
  {
    name: 'repositories',
    kind: 'list',
    column: 'REPOSITORIES',
    none: 'all',
    spare: true,
    describe: 'Patterns; empty: all',
  },
  { name: 'scope', column: 'SCOPE', spare: true, describe: '`none`, `admin:read` or `admin:write`' },
  { name: 'expires_at', kind: 'time', column: 'EXPIRES', describe: 'Time of expiry' },
  { name: 'last_used_at', kind: 'time', column: 'LAST USED', none: 'never', describe: 'Time of the last use' },
  {
    name: 'last_used_ip',
    column: 'FROM',
    whole: true,
    none: '-',
    describe: 'Address of the client that used it last',
  },
  { name: 'id', describe: 'UUID' },
  { name: 'account_id', describe: 'UUID of the account' },
  { name: 'created_at', kind: 'time', describe: 'Time of creation' },
  { name: 'created_by', describe: 'UUID of the account that created it' },
  { name: 'created_by_name', describe: 'Name of the account that created it' },
  { name: 'rotated_at', kind: 'time', describe: 'Time of the last rotation' },
  { name: 'previous_until', kind: 'time', describe: 'Until when the secret before the last rotation works' },
];

/** A token with its secret, as it is shown once. */
export type NewToken = Json<AccessToken> & { readonly secret: string };

/** Fields of a token that was created or rotated. */
export const newTokenFields: readonly Field<NewToken>[] = [
  { name: 'secret', describe: 'The secret, which is shown only now' },
  // Without a name to print alone, since the secret would be lost.
  ...tokenFields.map(({ reference: _reference, ...field }) => field),
];

/** The positional argument of commands on one token. */
export const tokenArgument = { name: { describe: 'Name of the token, or its UUID', complete: 'token' } } as const;

/** The option for the account of a token. */
export const accountOption = {
  account: {
    type: 'string',
    requiresArg: true,
    complete: 'account',
    describe: 'The account (default: your own); that of others requires the role admin, or a delegation',
  },
} as const;

/** The options for how long a token is good for. */
export const expiresOption = {
  expires: {
    type: 'string',
    requiresArg: true,
    value: 'DURATION',
    describe: 'How long it is good for, such as 90d or 12h',
  },
} as const;

/** The time that is so far from now, as the API takes it; `undefined` without one. */
export function expiryOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return new Date(Date.now() + parseSeconds(text, '--expires') * 1_000).toISOString();
}

/** The token of an account with this name or id. Throws a CliError if there is none. */
export async function findToken(client: Client, name: string, account: string | undefined): Promise<Json<AccessToken>> {
  const input = account === undefined ? {} : { account };
  const pages = client.pages('tokens.listTokens', input, { to: 'list the tokens' }, ({ tokens }) => tokens);
  for await (const page of pages) {
    const token = page.find((it) => it.name === name || it.id === name);
    if (token !== undefined) return token;
  }
  throw new CliError(`token ${name} not found`, {
    hint: `mcrctl token list${account === undefined ? '' : ` --account ${account}`} shows the tokens`,
    exitCode: exitCodes.notFound,
  });
}

/** Prints a token with its secret, once: as JSON, or the secret on stdout and how to use it on stderr. */
export function printSecret(
  { print }: Pick<CommandContext, 'print'>,
  server: string,
  { token, secret, json }: { token: Json<AccessToken> | undefined; secret: string; json: string | undefined },
): void {
  const shown = needed(token, 'token');
  if (json !== undefined) {
    print.item(newTokenFields, { ...shown, secret });
    return;
  }
  print.say(`This is its secret, which is not shown again; ${shown.username} logs in with it as the password, as by`);
  print.say(`  docker login ${new URL(server).host} --username ${shown.username} --password-stdin`);
  print.raw(`${secret}\n`);
}
