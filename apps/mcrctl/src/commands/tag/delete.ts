import { defineCommand } from '../../cli/command.ts';
import { usageError } from '../../cli/errors.ts';
import { isDigestReference, parseImageReference } from '../../cli/repository-argument.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import type { Field } from '../../output/field.ts';
import { sayPending } from '../gc/pending.ts';

interface DeletedTag {
  readonly repository: string;
  readonly name: string;
}

const fields: readonly Field<DeletedTag>[] = [
  { name: 'repository', describe: 'Repository that contained it' },
  { name: 'name', describe: 'Deleted tag' },
];

/** `mcrctl tag delete`: RegistryService.DeleteTag. */
export const tagDeleteCommand = defineCommand({
  name: 'tag delete <tag>',
  describe: 'Delete a tag and keep its manifest, which may have other tags',
  positionals: { tag: { describe: 'Repository and tag, such as team/app:1.0', complete: 'tag' } },
  options: yesOption,
  examples: [
    ['mcrctl tag delete team/app:1.0', 'Delete it after confirmation'],
    ['mcrctl tag delete team/app:1.0 --yes', 'Delete it from a script'],
  ],
  fields,
  async run(context, { tag: text, yes, json }) {
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
    if (json !== undefined) print.item(fields, { repository, name: tag });
  },
});
