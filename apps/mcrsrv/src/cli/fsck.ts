import { CliError, CliExit } from '@mcr/cli';
import { systemClock } from '@mcr/core';
import type { FsckSummary } from '../services/fsck/run-fsck.ts';
import { defineCommand } from './command.ts';
import { createFsckReport } from './fsck-report.ts';
import { cliChange, configOption, withStore } from './options.ts';

const exitFindings = 1;
const exitCouldNotRun = 2;

/** `mcrsrv fsck`: compares the database with the layers, beside a running server. */
export const fsckCommand = defineCommand({
  name: 'fsck',
  describe: 'Check that database and layers are whole and agree, also while the server runs',
  options: {
    ...configOption,
    deep: { type: 'boolean', default: false, describe: 'Read every blob, and check the database file' },
    repair: { type: 'boolean', default: false, describe: 'Put right what can be put right safely' },
    json: { type: 'boolean', default: false, describe: 'One JSON document' },
    'remove-most-files': {
      type: 'boolean',
      default: false,
      describe: 'With --repair: remove unknown files even if they are most of all',
    },
    'quarantine-most-blobs': {
      type: 'boolean',
      default: false,
      describe: 'With --repair: take damaged blobs out of service even if they are most of all',
    },
  },
  examples: [
    ['mcrsrv fsck --config /srv/mcr/mcr.toml', 'Compare the database with the files'],
    ['mcrsrv fsck --deep --json', 'Compute the digest of every blob, for a script'],
    ['mcrsrv fsck --deep --repair', 'And put right what is safe to put right'],
  ],
  notes: [
    'Exits with 0 when everything is whole, 1 when findings are left, 2 when it could not look.',
    'Without --repair nothing is changed. With it, damaged blobs are taken out of service until they are pushed again, unknown files are left to garbage collection, and leases, uploads, references and sizes are set right. No row and no file that something depends on is ever removed.',
  ],
  run: async (args) => {
    const summary = await inspect(args).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CliError(reason, { exitCode: exitCouldNotRun, cause: error });
    });
    if (summary.left > 0) throw new CliExit(exitFindings);
  },
});

interface FsckArguments {
  readonly config: string;
  readonly deep: boolean;
  readonly repair: boolean;
  readonly json: boolean;
  readonly 'remove-most-files': boolean;
  readonly 'quarantine-most-blobs': boolean;
}

async function inspect(args: FsckArguments): Promise<FsckSummary> {
  const { config: path, json, deep, repair } = args;
  const options = {
    deep,
    repair,
    removeMostFiles: args['remove-most-files'],
    quarantineMostBlobs: args['quarantine-most-blobs'],
  };
  const [{ inspectBlobs, placeOf }, { assertOwnLayers }, { runFsck }] = await Promise.all([
    import('../blob-stores.ts'),
    import('../own-layers.ts'),
    import('../services/fsck/run-fsck.ts'),
  ]);
  return await withStore(path, async (store, config) => {
    const files = await inspectBlobs(config);
    await assertOwnLayers(store, files, placeOf(config));
    const { gracePeriod, uploadTtl } = config.gc;
    const report = createFsckReport(json, options);
    const summary = await runFsck({
      store,
      files,
      clock: systemClock,
      settings: { gracePeriod, uploadTtl },
      options,
      actor: cliChange().actor,
      ...report,
    });
    report.finish(summary);
    return summary;
  });
}
