import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { ruleFields } from './rule.ts';

/** `mcrctl policy list`: PolicyService.ListPolicyRules. */
export const policyListCommand = defineCommand({
  name: 'policy list',
  describe: 'List the policy rules in the order in which they are looked at',
  options: {
    builtin: { type: 'boolean', default: false, describe: 'Show the built-in rules, too' },
    ...limitOption,
  },
  examples: [
    ['mcrctl policy list --builtin', 'See every rule that takes part in decisions'],
    [
      'mcrctl policy list --json > rules.jsonl',
      'Save the rules; mcrctl policy create --file rules.jsonl brings them back',
    ],
  ],
  fields: ruleFields,
  async run({ print, rpc }, { builtin, limit }) {
    const { listRules } = await import('./client.ts');
    const pages = listRules(await rpc(), parseCount(limit, '--limit'), builtin);
    await print.list(ruleFields, pages, 'There are no rules but the built-in ones, which --builtin shows');
  },
});
