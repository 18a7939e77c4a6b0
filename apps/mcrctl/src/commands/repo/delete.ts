import { defineCommand } from '../../cli/command.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import { formatCount, formatSize } from '../../output/format.ts';
import { sayPending } from '../gc/pending.ts';
import { deleteRepository, getRepository } from './client.ts';
import { repositoryFields } from './repository.ts';

/** `mcrctl repo delete`: `DELETE /v1/repositories/{name}`. Prints what it deleted with `--json`. */
export const repoDeleteCommand = defineCommand({
  name: 'repo delete <repository>',
  describe: 'Delete a repository with all its tags and manifests',
  positionals: repositoryArgument,
  options: yesOption,
  examples: [
    ['mcrctl repo delete team/app', 'Delete it after typing its name'],
    ['mcrctl repo delete team/app --yes', 'Delete it from a script'],
  ],
  fields: repositoryFields,
  async run(context, { repository, yes, json }) {
    const { io, print, rest } = context;
    const client = await rest();
    const name = parseRepository(repository, client.server);
    const found = await getRepository(client, name, 'delete');
    const contents = [
      formatCount(found.tag_count, 'tag'),
      formatCount(found.manifest_count, 'manifest'),
      formatSize(found.total_size),
    ].join(', ');
    await confirmDestruction(io.stdin, { what: `delete the repository ${name} (${contents})`, name, yes });
    await deleteRepository(client, name);
    print.say(`Deleted the repository ${name}`);
    await sayPending(context);
    if (json !== undefined) print.item(repositoryFields, found);
  },
});
