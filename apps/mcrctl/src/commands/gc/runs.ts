import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { listGcRuns } from './client.ts';
import { runFields } from './gc-run.ts';

/** `mcrctl gc runs`: `GET /v1/gc/runs`. */
export const gcRunsCommand = defineCommand({
  name: 'gc runs',
  describe: 'List the garbage collections, newest first',
  options: limitOption,
  examples: [['mcrctl gc runs --limit 10', 'See how much the last runs freed']],
  fields: runFields,
  async run({ print, rest }, { limit }) {
    const pages = listGcRuns(await rest(), parseCount(limit, '--limit'));
    await print.list(runFields, pages, 'There was no garbage collection yet');
  },
});
