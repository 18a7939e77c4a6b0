import { defineCommand } from '../../cli/command.ts';
import { usageError } from '../../cli/errors.ts';
import { isDigestReference, parseImageReference } from '../../cli/repository-argument.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import type { Field } from '../../output/field.ts';
import { sayPending } from '../gc/pending.ts';
import { deleteTag } from './client.ts';

interface DeletedTag {
  readonly repository: string;
  readonly name: string;
}

const fields: readonly Field<DeletedTag>[] = [
  { name: 'repository', describe: 'The repository that it was in' },
  { name: 'name', describe: 'The tag that was deleted' },
];

/** `mcrctl tag delete`: `DELETE /v1/repositories/{name}/tags/{tag}`. */
export const tagDeleteCommand = defineCommand({
  name: 'tag delete <tag>',
  describe: 'Delete a tag and keep its manifest, which other tags and digests may name',
  positionals: { tag: { describe: 'Repository and tag, such as team/app:1.0', complete: 'tag' } },
  options: yesOption,
  examples: [
    ['mcrctl tag delete team/app:1.0', 'Delete it after typing its name'],
    ['mcrctl tag delete team/app:1.0 --yes', 'Delete it from a script'],
  ],
  fields,
  async run(context, { tag, yes, json }) {
    const { io, print, rest } = context;
    const client = await rest();
    const { repository, reference: name } = parseImageReference(tag, client.server);
    if (isDigestReference(name)) throw usageError(`"${tag}" is no tag`, 'write it as in team/app:1.0');
    const what = `delete the tag ${name} of ${repository} and keep its manifest`;
    await confirmDestruction(io.stdin, { what, name: `${repository}:${name}`, yes });
    await deleteTag(client, repository, name);
    print.say(`Deleted the tag ${repository}:${name}; its manifest stays`);
    await sayPending(context);
    if (json !== undefined) print.item(fields, { repository, name });
  },
});
