import { type Command, defineCommand } from '../../cli/command.ts';
import { ruleFields, ruleTitle } from './rule.ts';
import { parseRuleId, ruleArgument } from './rule-options.ts';
import { updateRule } from './rules.ts';

/** `mcrctl policy enable`: PolicyService.UpdatePolicyRule. */
export const policyEnableCommand = switchCommand('enable', true, 'Enable a policy rule, effective immediately');
/** `mcrctl policy disable`: keeps the rule, but ignores it in decisions. */
export const policyDisableCommand = switchCommand('disable', false, 'Disable a policy rule, effective immediately');

function switchCommand(verb: string, enabled: boolean, describe: string): Command {
  return defineCommand({
    name: `policy ${verb} <id>`,
    describe,
    positionals: ruleArgument,
    options: {},
    examples: [[`mcrctl policy ${verb} 3`, `${verb === 'enable' ? 'Enable' : 'Disable'} one rule`]],
    fields: ruleFields,
    async run({ print, client }, { id, json }) {
      const rule = await updateRule(await client(), parseRuleId(id), { enabled });
      print.say(`Rule ${ruleTitle(rule)} is ${verb}d`);
      if (json !== undefined) print.item(ruleFields, rule);
    },
  });
}
