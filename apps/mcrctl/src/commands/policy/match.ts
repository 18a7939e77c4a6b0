import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import type { Field } from '../../output/field.ts';

const fields: readonly Field<{ readonly name: string }>[] = [
  { name: 'name', column: 'NAME', describe: 'Name of the repository', reference: ({ name }) => name },
];

/** `mcrctl policy match`: PolicyService.MatchRepositories. */
export const policyMatchCommand = defineCommand({
  name: 'policy match <pattern>',
  describe: 'List the repositories that a pattern matches now',
  positionals: {
    pattern: { describe: 'A pattern, as in --repository of policy create' },
  },
  options: {
    user: {
      type: 'string',
      requiresArg: true,
      complete: 'account',
      describe: 'The name that {username} stands for (default: any)',
    },
    ...limitOption,
  },
  examples: [
    ["mcrctl policy match 'prod/**'", 'See what a rule for prod/** would be about'],
    ["mcrctl policy match 'home/{username}/*' --user ann", 'See what it would be about for the account ann'],
  ],
  fields,
  async run({ print, client }, { pattern, user, limit }) {
    const about = { to: 'list the matching repositories', limit: parseCount(limit, '--limit') };
    const input = { pattern, username: user };
    const pages = (await client()).pages('policy.matchRepositories', input, about, ({ repositories }) =>
      repositories.map((name) => ({ name })),
    );
    await print.list(fields, pages, 'No repository matches now; the rule applies to those that come');
  },
});
