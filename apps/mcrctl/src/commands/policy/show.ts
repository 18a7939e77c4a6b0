import { defineCommand } from '../../cli/command.ts';
import { ruleFields, sayWarnings } from './rule.ts';
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
    const rule = await getRule(await rpc(), parseRuleId(id));
    print.item(ruleFields, rule);
    sayWarnings(print, [rule]);
  },
});
