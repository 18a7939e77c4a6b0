import { defineCommand } from '../../cli/command.ts';
import { delegationArguments, delegationFields, findDelegation } from './delegations.ts';

/** `mcrctl account undelegate`: PolicyService.DeleteDelegation. */
export const accountUndelegateCommand = defineCommand({
  name: 'account undelegate <username> <pattern>',
  describe: 'Take a delegation away, effective immediately; rules and tokens that the account has made remain',
  positionals: delegationArguments,
  options: {},
  examples: [["mcrctl account undelegate alice 'team-x/**'", 'alice no longer manages what is below team-x']],
  fields: delegationFields,
  async run({ print, client }, { username, pattern, json }) {
    const api = await client();
    const delegation = await findDelegation(api, username, pattern);
    const about = { to: `take the delegation for ${pattern} from ${username}` };
    const { rule_ids: rules } = await api.call('policy.deleteDelegation', { id: delegation.id }, about);
    print.say(`${username} no longer manages rules and tokens of ${pattern}`);
    if (rules.length > 0) {
      print.say(`Rules of ${username} remain in force: ${rules.join(', ')}; mcrctl policy delete ID deletes one`);
    }
    if (json !== undefined) print.item(delegationFields, delegation);
  },
});
