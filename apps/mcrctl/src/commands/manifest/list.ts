import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { manifestFields } from './manifest.ts';

/** `mcrctl manifest list`: RegistryService.ListManifests. */
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
  async run({ print, client }, { repository: text, limit }) {
    const api = await client();
    const repository = parseRepository(text, api.server);
    const about = { to: `list the manifests of ${repository}`, limit: parseCount(limit, '--limit') };
    const pages = api.pages('registry.listManifests', { repository }, about, ({ manifests }) => manifests);
    await print.list(manifestFields, pages, `There are no manifests in ${repository}`);
  },
});
