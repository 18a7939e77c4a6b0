import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { createSnapshot } from '../services/snapshots/create.ts';
import { cliChange, configOption, withStore } from './options.ts';
import { print } from './output.ts';

/** `mcrsrv snapshot`: a verified copy of the database, taken while the server runs. */
export const snapshotCommand: CommandModule<unknown, { config: string; to: string | undefined }> = {
  command: 'snapshot',
  describe: 'Write a verified copy of the database, also while the server runs',
  builder: (args) =>
    args
      .options(configOption)
      .option('to', { type: 'string', describe: 'File to write', defaultDescription: 'snapshots/ beside the database' })
      .example('$0 snapshot --config /srv/mcr/mcr.toml', 'into the snapshots directory')
      .example('$0 snapshot --to /backup/mcr.db', 'to this file, which must not exist'),
  handler: async ({ config: path, to }) => {
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
};
