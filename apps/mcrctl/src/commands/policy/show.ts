import { defineCommand } from '../../cli/command.ts';
import { ruleFields } from './rule.ts';
import { parseRuleId, ruleArgument } from './rule-options.ts';

/** `mcrctl policy show`: PolicyService.GetPolicyRule. */
export const policyShowCommand = defineCommand({
  name: 'policy show <id>',
  describe: 'Show a policy rule',
  positionals: ruleArgument,
  options: {},
  examples: [['mcrctl policy show 3', 'See one rule']],
  fields: ruleFields,
  async run({ print, rpc }, { id }) {
    const { getRule } = await import('./client.ts');
    print.item(ruleFields, await getRule(await rpc(), parseRuleId(id)));
  },
});
