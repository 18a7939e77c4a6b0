import { CliError } from '@mcr/cli';
import { defineCommand } from './command.ts';
import { cliChange, configOption, withStore } from './options.ts';
import { print, say } from './output.ts';

/** `mcrsrv adopt`: makes the directory of layers the one of the database, where only a person can know that it is. */
export const adoptCommand = defineCommand({
  name: 'adopt',
  describe: 'Make storage.layers_path, or the bucket, the place of this database; the server must be stopped',
  options: {
    ...configOption,
    'despite-mismatch': {
      type: 'boolean',
      default: false,
      describe: 'Even if they have few blobs in common: those without a file are lost until they are pushed again',
    },
  },
  examples: [['mcrsrv adopt --config /srv/mcr/mcr.toml', 'Layers that have the id of another registry']],
  notes: [
    'Database and layers know each other by an id, so that a server does not start on a disk that is not mounted, or on the layers of another registry. Layers that were copied whole, and restored snapshots, need no adopting.',
  ],
  run: async ({ config: path, 'despite-mismatch': despite }) => {
    const [{ openBlobs, placeOf }, { examineBelonging, joinLayers, whyUnlikely }] = await Promise.all([
      import('../blob-stores.ts'),
      import('../own-layers.ts'),
    ]);
    await withStore(path, async (store, config) => {
      const { name } = placeOf(config);
      // Its lock keeps a server from starting, and is not to be had while one runs.
      const blobs = await openBlobs(config);
      try {
        const { known, ...sample } = await examineBelonging(store, blobs);
        const reason = whyUnlikely(sample);
        if (reason !== undefined && !despite) {
          throw new CliError(`"${name}" was not adopted: ${reason}; if it is the right one, add --despite-mismatch`);
        }
        const id = await joinLayers(store, blobs, known);
        const { actor, now } = cliChange();
        await store.audit.append([{ type: 'layers_adopted', at: now, actor, details: { id } }]);
        say(`It has ${sample.present} of ${sample.sampled} blobs that were looked for`);
        print(`${name}\t${id}`);
      } finally {
        await blobs.close();
      }
    });
  },
});
