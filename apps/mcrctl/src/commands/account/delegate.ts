import { needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { delegationArguments, delegationFields } from './delegations.ts';

/** `mcrctl account delegate`: PolicyService.CreateDelegation. */
export const accountDelegateCommand = defineCommand({
  name: 'account delegate <username> <pattern>',
  describe: 'Let an account manage rules and tokens of some repositories, and read their audit log',
  positionals: delegationArguments,
  options: {},
  examples: [["mcrctl account delegate alice 'team-x/**'", 'alice manages what is below team-x']],
  fields: delegationFields,
  async run({ print, client }, { username, pattern, json }) {
    const input = { account: username, pattern };
    const about = { to: `make ${username} a delegate for ${pattern}` };
    const { delegation } = await (await client()).call('policy.createDelegation', input, about);
    print.say(`${username} manages rules and tokens of ${pattern}, effective immediately`);
    if (json !== undefined) print.item(delegationFields, needed(delegation, 'delegation'));
  },
});
