import { defineCommand } from '../../cli/command.ts';
import { usageError } from '../../cli/errors.ts';
import type { Io } from '../../cli/io.ts';
import { everythingOption, isEverything, requireMeant } from './everything.ts';
import { withNames } from './named-rules.ts';
import { readRules, sourceOptions } from './read-rules.ts';
import { type Rule, ruleFields, ruleTitle, sayWarnings } from './rule.ts';
import { parseRuleChange, type RuleBody } from './rule-body.ts';
import { parseRuleId, type RuleArguments, ruleArgument, ruleFromOptions, ruleOptions } from './rule-options.ts';
import { getRule, updateRule } from './rules.ts';

/** `mcrctl policy update`: PolicyService.UpdatePolicyRule. */
export const policyUpdateCommand = defineCommand({
  name: 'policy update <id>',
  describe: 'Change a policy rule, effective immediately; unspecified fields are unchanged',
  positionals: ruleArgument,
  options: { ...ruleOptions, ...everythingOption, ...sourceOptions },
  examples: [
    ['mcrctl policy update 3 --priority 20', 'Evaluate it after other rules'],
    [`mcrctl policy update 3 --json '{"repositories":[]}'`, 'Apply it to every repository, with the change as JSON'],
    ['mcrctl policy get 3 --json | mcrctl policy update 4 --file -', 'Copy rule 3 to rule 4'],
  ],
  fields: ruleFields,
  jsonBody: true,
  async run({ io, print, client }, { id: text, ...args }) {
    const id = parseRuleId(text);
    const change = await changeOf(args, io);
    const api = await client();
    if (!args.everything && widens(change)) {
      const before = bodyOf(await getRule(api, id));
      const after = { ...before, ...change };
      if (!isEverything(before) || before.effect !== after.effect) requireMeant(after, false);
    }
    const rule = await updateRule(api, id, change);
    print.say(`Changed rule ${ruleTitle(rule)}`);
    for (const named of await withNames(api, [rule])) print.item(ruleFields, named);
    sayWarnings(print, [rule]);
  },
});

/** Whether a change may make a rule apply to everything, or change the effect of one that does. */
function widens({ effect, roles, account_types: types, subject, actions, repositories }: RuleBody): boolean {
  const lists = [roles, types, actions, repositories];
  return effect !== undefined || subject === '' || lists.some((list) => list?.length === 0);
}

function bodyOf({ effect, roles, account_types: types, subject, actions, repositories }: Rule): RuleBody {
  return { effect, roles, account_types: types, subject: subject ?? '', actions, repositories };
}

type Arguments = RuleArguments & { readonly json?: string | undefined; readonly file?: string | undefined };

async function changeOf(args: Arguments, io: Io): Promise<RuleBody> {
  const flags = ruleFromOptions(args);
  const hasFlags = Object.keys(flags).length > 0;
  const values = await readRules(args, io);
  if (values === undefined && hasFlags) return flags;
  if (values?.length !== 1 || hasFlags) throw usageError('nothing to change', 'give flags, or one JSON object');
  return await parseRuleChange(values[0], args.file ?? '--json');
}
