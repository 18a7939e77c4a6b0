import type { Snapshot } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import type { Field } from '../../output/field.ts';

/** Fields of a copy. */
export const snapshotFields: readonly Field<Json<Snapshot>>[] = [
  {
    name: 'name',
    column: 'NAME',
    describe: "File name in the server's snapshot directory",
    reference: ({ name }) => name,
  },
  { name: 'size', kind: 'size', column: 'SIZE', describe: 'Size in bytes' },
  { name: 'created_at', kind: 'time', column: 'CREATED', describe: 'Time of creation' },
];

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
    await print.list(snapshotFields, pages, 'No snapshots; mcrctl snapshot takes one');
  },
});
