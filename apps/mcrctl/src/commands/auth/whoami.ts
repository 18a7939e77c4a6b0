import type { Principal } from '@mcr/rpc/mcr/v1/common_pb';
import type { Client } from '../../api/client.ts';
import { type Json, needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import type { Field } from '../../output/field.ts';

/** AuthService.WhoAmI: whom the token belongs to, and until when. */
export async function getCaller(client: Client) {
  const { principal, expires_at } = await client.call('auth.whoAmI', {}, { to: 'identify the token' });
  return { principal: needed(principal, 'principal'), expires_at };
}

/** What `mcrctl whoami` prints. */
interface Caller extends Json<Principal> {
  readonly server: string;
  readonly expires_at: string | undefined;
}

/** Fields of `mcrctl whoami`. */
export const callerFields: readonly Field<Caller>[] = [
  { name: 'server', describe: 'URL of the registry' },
  { name: 'username', describe: 'Name of the account' },
  { name: 'id', describe: 'UUID of the account, the `subject` of policy rules' },
  { name: 'account_type', describe: '`human` or `system`' },
  { name: 'roles', kind: 'list', none: 'none', describe: 'Roles' },
  { name: 'expires_at', kind: 'time', describe: 'Expiry of the token' },
];

/** `mcrctl whoami`: AuthService.WhoAmI. */
export const whoamiCommand = defineCommand({
  name: 'whoami',
  describe: 'Show the account, roles and expiry of the current token',
  options: {},
  examples: [
    ['mcrctl whoami', 'See who you are'],
    ['mcrctl whoami --json roles', 'See your roles, for a script'],
  ],
  fields: callerFields,
  async run({ print, client }) {
    const api = await client();
    const { principal, expires_at } = await getCaller(api);
    print.item(callerFields, { server: api.server, ...principal, expires_at });
  },
});
