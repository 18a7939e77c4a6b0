import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { snapshotFields } from './snapshot.ts';

/** `mcrctl snapshot list`: AdminService.ListSnapshots. */
export const snapshotListCommand = defineCommand({
  name: 'snapshot list',
  describe: 'List the copies of the database that the server keeps, newest first',
  options: limitOption,
  examples: [['mcrctl snapshot list --limit 1', 'See when the last copy was taken']],
  fields: snapshotFields,
  async run({ print, rpc }, { limit }) {
    const { listSnapshots } = await import('./client.ts');
    const pages = listSnapshots(await rpc(), parseCount(limit, '--limit'));
    await print.list(snapshotFields, pages, 'There are no snapshots; mcrctl snapshot takes one');
  },
});
