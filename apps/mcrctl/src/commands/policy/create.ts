import { needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import type { CommandContext } from '../../cli/context.ts';
import { CliError, usageError } from '../../cli/errors.ts';
import { onePage } from '../../output/printer.ts';
import { everythingOption, requireMeant } from './everything.ts';
import { withNames } from './named-rules.ts';
import { readRules, sourceOptions } from './read-rules.ts';
import { type Rule, ruleFields, sayWarnings } from './rule.ts';
import { isBuiltIn, parseRuleBody, type RuleBody } from './rule-body.ts';
import { type RuleArguments, ruleFromOptions, ruleOptions } from './rule-options.ts';

/**
 * `mcrctl policy create`: PolicyService.CreatePolicyRule, once per rule. All rules are parsed before the first is sent.
 */
export const policyCreateCommand = defineCommand({
  name: 'policy create',
  describe: 'Create policy rules, effective immediately, from flags, --json text, a file or stdin',
  options: {
    ...ruleOptions,
    disabled: { type: 'boolean', default: false, describe: 'Create the rule disabled' },
    ...everythingOption,
    ...sourceOptions,
  },
  examples: [
    [
      "mcrctl policy create --effect allow --priority 10 --account-type system --action registry:pull --repository 'prod/*'",
      'Allow machines to pull from prod',
    ],
    [
      `mcrctl policy create --json '{"effect":"deny","priority":5,"actions":["registry:delete"]}'`,
      'Deny deletion, with the rule as JSON',
    ],
    [
      'mcrctl policy create --effect deny --priority 1 --disabled --everything',
      'Prepare a rule that denies everything',
    ],
    [
      'mcrctl policy list --json | mcrctl policy create --server registry2.example.com --file -',
      'Copy all rules to another registry',
    ],
  ],
  fields: ruleFields,
  jsonBody: true,
  async run(context, args) {
    const bodies = await bodiesOf(context, args);
    for (const body of bodies) requireMeant(body, args.everything);
    const api = await context.client();
    const created: Rule[] = [];
    try {
      for (const body of bodies) {
        const { rule } = await api.call('policy.createPolicyRule', body, { to: 'create the rule' });
        created.push(needed(rule, 'rule'));
      }
    } catch (error) {
      throw created.length === 0 ? error : afterSome(error, created, bodies.length);
    } finally {
      await context.print.list(ruleFields, onePage(await withNames(api, created)), 'No rules to create');
      sayWarnings(context.print, created);
    }
  },
});

type Arguments = RuleArguments & {
  readonly disabled: boolean;
  readonly json?: string | undefined;
  readonly file?: string | undefined;
};

async function bodiesOf({ io, print }: CommandContext, args: Arguments): Promise<readonly RuleBody[]> {
  const flags = { ...ruleFromOptions(args), ...(args.disabled && { enabled: false }) };
  const values = await readRules(args, io);
  if (values === undefined) {
    if (flags.effect !== undefined && flags.priority !== undefined) return [flags];
    throw usageError('a rule needs at least --effect and --priority', 'or pass it as JSON with --json or --file');
  }
  if (Object.keys(flags).length > 0)
    throw usageError('a rule cannot be given by both flags and JSON', 'omit one of them');
  const own = values.filter((value) => !isBuiltIn(value));
  if (own.length < values.length) print.say('Skipped the built-in rules, which every registry has');
  return await Promise.all(own.map((value) => parseRuleBody(value, args.file ?? '--json')));
}

function afterSome(error: unknown, created: readonly Rule[], total: number): unknown {
  if (!(error instanceof CliError)) return error;
  const { message, hint, exitCode } = error;
  return new CliError(`${message}; ${created.length} of ${total} rules had been created`, {
    hint,
    exitCode,
    cause: error,
  });
}
