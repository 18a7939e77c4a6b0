import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { repositoryPath } from '../repo/client.ts';
import { type Manifest, manifestFields } from './manifest.ts';

/** `mcrctl manifest list`: `GET /v1/repositories/{name}/manifests`. */
export const manifestListCommand = defineCommand({
  name: 'manifest list <repository>',
  describe: 'List the manifests of a repository, by digest, tagged or not',
  positionals: repositoryArgument,
  options: limitOption,
  examples: [
    ['mcrctl manifest list team/app', 'See what is in it beside the tags, such as signatures'],
    ['mcrctl manifest list team/app --json digest,subject', 'What refers to what, for a script'],
  ],
  fields: manifestFields,
  async run({ print, rest }, { repository, limit }) {
    const client = await rest();
    const name = parseRepository(repository, client.server);
    const request = {
      path: `${repositoryPath(name)}/manifests`,
      to: `list the manifests of ${name}`,
      names: true,
      shape: { digest: 'text' },
    } as const;
    const pages = client.pages<Manifest>(request, parseCount(limit, '--limit'), 'manifests');
    await print.list(manifestFields, pages, `There are no manifests in ${name}`);
  },
});
