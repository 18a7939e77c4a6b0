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
  async run({ print, client }, { limit }) {
    const about = { to: 'list the snapshots', limit: parseCount(limit, '--limit') };
    const pages = (await client()).pages('admin.listSnapshots', {}, about, ({ snapshots }) => snapshots);
    await print.list(snapshotFields, pages, 'There are no snapshots; mcrctl snapshot takes one');
  },
});
