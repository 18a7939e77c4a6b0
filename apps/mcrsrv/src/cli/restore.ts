import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { configOption, readConfig } from './options.ts';
import { print, say } from './output.ts';

/** `mcrsrv restore`: puts a snapshot in the place of the database of a server that is stopped. */
export const restoreCommand: CommandModule<unknown, { config: string; snapshot: string }> = {
  command: 'restore <snapshot>',
  describe: 'Put a snapshot in the place of the database; the server must be stopped',
  builder: (args) =>
    args
      .positional('snapshot', {
        type: 'string',
        demandOption: true,
        describe: 'File that `mcrsrv snapshot` wrote',
      })
      .options(configOption)
      .example('$0 restore /backup/mcr.db --config /srv/mcr/mcr.toml', 'what is there is kept beside it')
      .epilogue(
        `The snapshot is checked first, for damage and for a schema that this version can use, and copied. The layers are not
touched: what was pushed after the snapshot is unknown then, and the next reconcile removes its files.`,
      ),
  handler: async ({ config: path, snapshot }) => {
    const config = readConfig(path);
    const [{ restoreDatabase }, { DiskBlobStore }, { foreignLayers }] = await Promise.all([
      import('@mcr/db'),
      import('@mcr/storage'),
      import('../own-layers.ts'),
    ]);
    // Its lock keeps a server from starting, and is not to be had while one runs.
    const blobs = await DiskBlobStore.open(config.storage);
    try {
      const { size, previous } = await restoreDatabase(resolve(snapshot), config.database.path, new Date());
      if (previous !== undefined) say(`The database before is kept as ${previous}`);
      const foreign = await foreignLayers(config);
      if (foreign !== undefined) say(`Before you start the server: ${foreign.key}: ${foreign.message}`);
      print(`${config.database.path}\t${size}`);
    } finally {
      await blobs.close();
    }
  },
};
