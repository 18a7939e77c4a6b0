import { resolve } from 'node:path';
import { createSnapshot } from '../services/snapshots/create.ts';
import { defineCommand } from './command.ts';
import { cliChange, configOption, withStore } from './options.ts';
import { print } from './output.ts';

/** `mcrsrv snapshot`: a verified copy of the database, taken while the server runs. */
export const snapshotCommand = defineCommand({
  name: 'snapshot',
  describe: 'Write a verified copy of the database, also while the server runs',
  options: {
    ...configOption,
    to: {
      type: 'string',
      requiresArg: true,
      value: 'FILE',
      describe: 'File to write',
      defaultDescription: 'snapshots/ beside the database',
    },
  },
  examples: [
    ['mcrsrv snapshot --config /srv/mcr/mcr.toml', 'Into the snapshots directory'],
    ['mcrsrv snapshot --to /backup/mcr.db', 'To this file, which must not exist'],
  ],
  run: async ({ config: path, to }) => {
    const { snapshotDirectory } = await import('../context.ts');
    const snapshot = await withStore(path, (store, config) =>
      createSnapshot({
        store,
        directory: snapshotDirectory(config),
        retention: config.snapshots,
        ...(to !== undefined && { destination: resolve(to) }),
        ...cliChange(),
      }),
    );
    print(`${snapshot.path}\t${snapshot.size}`);
  },
});
