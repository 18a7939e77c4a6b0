import type { Client } from '../../api/client.ts';
import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { withNames } from './named-rules.ts';
import { type Rule, ruleFields, sayWarnings } from './rule.ts';

/** `mcrctl policy list`: PolicyService.ListPolicyRules. */
export const policyListCommand = defineCommand({
  name: 'policy list',
  describe: 'List the policy rules in the order of evaluation',
  options: {
    builtin: { type: 'boolean', default: false, describe: 'Include the built-in rules' },
    ...limitOption,
  },
  examples: [
    ['mcrctl policy list --builtin', 'See all rules, including built-in ones'],
    [
      'mcrctl policy list --json > rules.jsonl',
      'Save the rules; mcrctl policy create --file rules.jsonl restores them',
    ],
  ],
  fields: ruleFields,
  async run({ print, client }, { builtin, limit }) {
    const about = { to: 'list the policy rules', limit: parseCount(limit, '--limit') };
    const api = await client();
    const pages = api.pages('policy.listPolicyRules', {}, about, ({ rules, builtin_rules: builtins }) =>
      builtin ? [...builtins, ...rules] : rules,
    );
    const odd: Rule[] = [];
    const none = 'No rules except the built-in ones; show them with --builtin';
    await print.list(ruleFields, named(api, noting(pages, odd)), none);
    sayWarnings(print, odd);
  },
});

async function* named(client: Client, pages: AsyncIterable<readonly Rule[]>): AsyncGenerator<readonly Rule[]> {
  for await (const page of pages) yield await withNames(client, page);
}

/** Passes the pages through; collects the rules that have warnings. */
async function* noting(pages: AsyncIterable<readonly Rule[]>, odd: Rule[]): AsyncGenerator<readonly Rule[]> {
  for await (const page of pages) {
    odd.push(...page.filter(({ warnings }) => warnings.length > 0));
    yield page;
  }
}
