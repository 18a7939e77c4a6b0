import { defineCommand } from '../../cli/command.ts';
import { withNames } from './named-rules.ts';
import { ruleFields, sayWarnings } from './rule.ts';
import { parseRuleId, ruleArgument } from './rule-options.ts';
import { getRule } from './rules.ts';

/** `mcrctl policy get`: PolicyService.GetPolicyRule. */
export const policyGetCommand = defineCommand({
  name: 'policy get <id>',
  oldNames: ['policy show'],
  describe: 'Show a policy rule',
  positionals: ruleArgument,
  options: {},
  examples: [['mcrctl policy get 3', 'See one rule']],
  fields: ruleFields,
  async run({ print, client }, { id }) {
    const api = await client();
    const rules = await withNames(api, [await getRule(api, parseRuleId(id))]);
    for (const rule of rules) print.item(ruleFields, rule);
    sayWarnings(print, rules);
  },
});
