import { defineCommand } from '../../cli/command.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import { formatCount, formatSize } from '../../output/format.ts';
import { sayPending } from '../gc/pending.ts';
import { getRepository, repositoryFields } from './repository.ts';

/** `mcrctl repo delete`: `DELETE /v1/repositories/{name}`. Prints the deleted repository with `--json`. */
export const repoDeleteCommand = defineCommand({
  name: 'repo delete <repository>',
  describe: 'Delete a repository with all its tags and manifests',
  positionals: repositoryArgument,
  options: yesOption,
  examples: [
    ['mcrctl repo delete team/app', 'Delete it after confirmation'],
    ['mcrctl repo delete team/app --yes', 'Delete it from a script'],
  ],
  fields: repositoryFields,
  async run(context, { repository, yes, json }) {
    const { io, print } = context;
    const api = await context.client();
    const name = parseRepository(repository, api.server);
    const found = await getRepository(api, name, 'delete');
    const contents = [
      formatCount(found.tag_count, 'tag'),
      formatCount(found.manifest_count, 'manifest'),
      formatSize(found.total_size),
    ].join(', ');
    await confirmDestruction(io.stdin, { what: `delete the repository ${name} (${contents})`, name, yes });
    await api.call('registry.deleteRepository', { name }, { to: `delete the repository ${name}` });
    print.say(`Deleted the repository ${name}`);
    await sayPending(context);
    if (json !== undefined) print.item(repositoryFields, found);
  },
});
