import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { onePage } from '../../output/printer.ts';
import { contextFields, toContext } from './context.ts';

/** `mcrctl context list`: the stored logins, without their tokens. */
export const contextListCommand = defineCommand({
  name: 'context list',
  describe: 'List the registries and accounts that you have logged in to, by name',
  options: limitOption,
  examples: [
    ['mcrctl context list', 'See which logins there are, and which one is in use'],
    ['mcrctl context list -o name', 'Their names, for a script'],
  ],
  fields: contextFields,
  async run({ print, settings }, { limit }) {
    const count = parseCount(limit, '--limit');
    const { profiles } = settings();
    const current = profiles.current();
    const contexts = profiles.list().map((profile) => toContext(profile, current));
    await print.list(contextFields, onePage(contexts.slice(0, count)), 'No contexts; mcrctl login makes one');
  },
});
