import { resolve } from 'node:path';
import { CliError } from '@mcr/cli';
import { defineCommand } from './command.ts';
import { configOption, readConfig } from './options.ts';
import { print, say } from './output.ts';

/** `mcrsrv restore`: puts a snapshot in the place of the database of a server that is stopped. */
export const restoreCommand = defineCommand({
  name: 'restore <snapshot>',
  describe: 'Put a snapshot in the place of the database; the server must be stopped',
  positionals: { snapshot: { describe: 'File that `mcrsrv snapshot` wrote' } },
  options: configOption,
  examples: [['mcrsrv restore /backup/mcr.db --config /srv/mcr/mcr.toml', 'What is there is kept beside it']],
  notes: [
    'The snapshot is checked first, for damage and for a schema that this version can use, and copied. The layers are not touched: what was pushed after the snapshot is unknown then, and the next reconcile removes its files.',
  ],
  run: async ({ config: path, snapshot }) => {
    const config = readConfig(path);
    const databasePath = config.database.path;
    if (databasePath === undefined) {
      throw new CliError('The database is in PostgreSQL; restore it with pg_restore, or from its base backups');
    }
    const [{ restoreDatabase }, { openBlobs }, { foreignLayers }] = await Promise.all([
      import('@mcr/db'),
      import('../blob-stores.ts'),
      import('../own-layers.ts'),
    ]);
    // Its lock keeps a server from starting, and is not to be had while one runs.
    const blobs = await openBlobs(config);
    try {
      const { size, previous } = await restoreDatabase(resolve(snapshot), databasePath, new Date());
      if (previous !== undefined) say(`The database before is kept as ${previous}`);
      const foreign = await foreignLayers(config);
      if (foreign !== undefined) say(`Before you start the server: ${foreign.key}: ${foreign.message}`);
      print(`${databasePath}\t${size}`);
    } finally {
      await blobs.close();
    }
  },
});
