import { CliError, CliExit } from '@mcr/cli';
import type { migrate } from '../services/migrate/migrate.ts';
import { defineCommand } from './command.ts';
import { createMigrationReport } from './migrate-report.ts';
import { configOption, readConfig } from './options.ts';
import { print } from './output.ts';

/** The bytes are there, and the rows wait until the source takes no changes. */
const exitWaiting = 3;
const defaultParallel = 4;
/** Each needs a connection to the target for a moment, and buffers. */
const maxParallel = 16;

/** `mcrsrv migrate`: moves a registry to another database and another storage. */
export const migrateCommand = defineCommand({
  name: 'migrate',
  describe: 'Move the registry to the database and the storage of another configuration',
  options: {
    ...configOption,
    to: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      value: 'FILE',
      describe: 'Configuration of the registry after the move',
    },
    deep: { type: 'boolean', default: false, describe: 'Read every blob again in its new place' },
    parallel: { type: 'number', default: defaultParallel, value: 'N', describe: 'Blobs that are copied at a time' },
    rate: {
      type: 'string',
      requiresArg: true,
      value: 'SIZE',
      describe: 'Maximum to read per second, such as 50MiB',
      defaultDescription: 'no limit',
    },
    json: { type: 'boolean', default: false, describe: 'One JSON document' },
  },
  examples: [
    ['mcrsrv migrate --config old.toml --to new.toml', 'Copy the blobs beside the server, and say what comes next'],
    ['mcrsrv migrate --config old.toml --to new.toml --rate 50MiB', 'Leave the disk to the clients'],
  ],
  notes: [
    'Nothing in the source is changed. Blobs are copied while its server runs; the tables are copied once it is stopped or has server.read_only = true. A migration that was broken off goes on where it was when the command is run again.',
    'Exits with 0 when servers can start on the target, 3 when the source still takes changes, 1 for errors.',
  ],
  run: async ({ config: path, to: toPath, deep, parallel, rate, json }) => {
    const [from, to] = [readConfig(path), readConfig(toPath)];
    const [{ migrate, MigrationError }, { nextSteps }, { DatabaseError }, { parseSize }] = await Promise.all([
      import('../services/migrate/migrate.ts'),
      import('../services/migrate/next-steps.ts'),
      import('@mcr/db'),
      import('@mcr/config'),
    ]);
    const bytesPerSecond = rate === undefined ? 0 : parseSize(rate);
    if (bytesPerSecond === undefined) throw new CliError(`invalid --rate "${rate}"; use a size such as 50MiB`);
    if (!Number.isInteger(parallel) || parallel < 1 || parallel > maxParallel)
      throw new CliError(`--parallel must be a whole number from 1 to ${maxParallel}`);
    const report = createMigrationReport();
    try {
      const input = { from, fromPath: path, to, deep, parallel, rate: bytesPerSecond };
      const migration = await migrate({ ...input, ...report });
      report.end();
      const next = nextSteps(migration, { from, fromPath: path, to, toPath });
      if (json) print(JSON.stringify({ ...asJson(migration), next }));
      else for (const [at, step] of next.entries()) print(`${at + 1}. ${step}`);
      if (!migration.isComplete) throw new CliExit(exitWaiting);
    } catch (error) {
      report.end();
      if (error instanceof MigrationError || error instanceof DatabaseError)
        throw new CliError(error.message, { cause: error });
      throw error;
    }
  },
});

type Migration = Awaited<ReturnType<typeof migrate>>;

function asJson({ isComplete, waitsFor, blobs, tables }: Migration) {
  return {
    complete: isComplete,
    ...(waitsFor !== undefined && { waits_for: waitsFor }),
    ...(blobs !== undefined && { blobs: blobs.blobs, bytes: blobs.bytes, copied_bytes: blobs.copiedBytes }),
    tables,
  };
}
