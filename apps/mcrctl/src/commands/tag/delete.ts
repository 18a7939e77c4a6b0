import { defineCommand } from '../../cli/command.ts';
import type { CommandContext } from '../../cli/context.ts';
import { usageError } from '../../cli/errors.ts';
import { isDigestReference, parseImageReference, parseRepository } from '../../cli/repository-argument.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import { sayPending } from '../gc/pending.ts';
import { type DeletedTag, deletedTagFields, deleteMatching } from './delete-matching.ts';
import { matchOptions } from './list-filter.ts';
import { selectionOf } from './matching.ts';

/** `mcrctl tag delete`: RegistryService.DeleteTag, or PlanTagDeletion and DeleteTags for all tags that match. */
export const tagDeleteCommand = defineCommand({
  name: 'tag delete <tag>',
  describe: 'Delete a tag and keep its manifest, or all tags of a repository that match, after showing the plan',
  positionals: {
    tag: {
      describe: 'Repository and tag, such as team/app:1.0; to delete what matches, the repository',
      complete: 'tag',
    },
  },
  options: {
    ...matchOptions,
    'keep-manifests': {
      type: 'boolean',
      default: false,
      describe: 'Keep manifests that lose their last tag by this; always so for a single tag',
    },
    'dry-run': { type: 'boolean', default: false, alias: 'n', describe: 'Only show what would be deleted' },
    ...yesOption,
  },
  examples: [
    ['mcrctl tag delete team/app:1.0', 'Delete it after confirmation'],
    ['mcrctl tag delete team/app:1.0 --yes', 'Delete it from a script'],
    ["mcrctl tag delete team/app --match 'pr-*' --older-than 30d", 'Delete what nothing else uses, after the plan'],
    ["mcrctl tag delete team/app --match 'pr-*' --dry-run -o name", 'See which ones these are'],
  ],
  fields: deletedTagFields,
  async run(context, { tag, yes, json, ...args }) {
    const { 'keep-manifests': keepManifests, 'dry-run': dryRun } = args;
    const selects = selectionOf(args, context.io.clock.now());
    if (selects === undefined) {
      if (dryRun || keepManifests) {
        throw usageError('--dry-run and --keep-manifests are for --match and --older-than', 'add one of these');
      }
      const deleted = await deleteOne(context, tag, yes);
      if (json !== undefined) context.print.item(deletedTagFields, deleted);
      return;
    }
    const repository = parseRepository(tag, (await context.client()).server);
    const structured = json !== undefined;
    await deleteMatching(context, { repository, selects, keepManifests, dryRun, yes, structured });
  },
});

async function deleteOne(context: CommandContext, text: string, yes: boolean): Promise<DeletedTag> {
  const { io, print } = context;
  const api = await context.client();
  const { repository, reference: tag } = parseImageReference(text, api.server);
  if (isDigestReference(tag)) throw usageError(`"${text}" is a digest, not a tag`, 'use a tag such as team/app:1.0');
  const name = `${repository}:${tag}`;
  await confirmDestruction(io.stdin, {
    what: `delete the tag ${tag} of ${repository} and keep its manifest`,
    name,
    yes,
  });
  const hints = { missing: `mcrctl tag list ${repository} shows its tags` };
  await api.call('registry.deleteTag', { repository, tag }, { to: `delete the tag ${name}`, hints });
  print.say(`Deleted the tag ${name}; its manifest remains`);
  await sayPending(context);
  return { repository, name: tag };
}
