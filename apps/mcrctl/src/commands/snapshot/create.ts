import { needed } from '../../api/json.ts';
import { type Command, defineCommand } from '../../cli/command.ts';
import { snapshotFields } from './list.ts';

/** `mcrctl snapshot`: AdminService.Snapshot. */
export const snapshotCommand = createCommand('snapshot');
/** `mcrctl snapshot create`: the full name of the same command. */
export const snapshotCreateCommand = createCommand('snapshot create');

function createCommand(name: string): Command {
  return defineCommand({
    name,
    describe: 'Write a verified copy of the database on the server, while it keeps running',
    options: {},
    examples: [
      [`mcrctl ${name}`, 'Take a copy before a change'],
      [`mcrctl ${name} --timeout 10m --json name`, 'Take a copy of a large database, from a script'],
    ],
    fields: snapshotFields,
    async run({ print, client }) {
      print.progress('copying and verifying the database');
      const { snapshot } = await (await client()).call('admin.snapshot', {}, { to: 'take a snapshot' });
      print.item(snapshotFields, needed(snapshot, 'snapshot'));
    },
  });
}
