import { defineCommand } from '../../cli/command.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import { ruleFields, ruleTitle } from './rule.ts';
import { parseRuleId, ruleArgument } from './rule-options.ts';
import { getRule, hints } from './rules.ts';

/** `mcrctl policy delete`: PolicyService.DeletePolicyRule. Prints the deleted rule with `--json`. */
export const policyDeleteCommand = defineCommand({
  name: 'policy delete <id>',
  describe: 'Delete a policy rule, effective immediately',
  positionals: ruleArgument,
  options: yesOption,
  examples: [
    ['mcrctl policy delete 3', 'Delete it after confirmation'],
    ['mcrctl policy delete 3 --yes --json > rule.json', 'Delete it from a script and keep a copy'],
  ],
  fields: ruleFields,
  async run({ io, print, client }, { id: text, yes, json }) {
    const id = parseRuleId(text);
    const api = await client();
    const rule = await getRule(api, id);
    await confirmDestruction(io.stdin, { what: `delete rule ${ruleTitle(rule)}`, name: String(id), yes });
    await api.call('policy.deletePolicyRule', { id }, { to: `delete rule ${id}`, hints });
    print.say(`Deleted rule ${ruleTitle(rule)}`);
    if (json !== undefined) print.item(ruleFields, rule);
  },
});
