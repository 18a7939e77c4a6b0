import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { listGcRuns } from './find-run.ts';
import { runFields } from './gc-run.ts';

/** `mcrctl gc list`: RegistryService.ListGCRuns. */
export const gcListCommand = defineCommand({
  name: 'gc list',
  oldNames: ['gc runs'],
  describe: 'List the garbage collections, newest first',
  options: limitOption,
  examples: [['mcrctl gc list --limit 10', 'See how much the last runs freed']],
  fields: runFields,
  async run({ print, client }, { limit }) {
    const pages = listGcRuns(await client(), parseCount(limit, '--limit'));
    await print.list(runFields, pages, 'No garbage collection has run yet');
  },
});
