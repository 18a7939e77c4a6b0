import { CliError } from '@mcr/cli';
import { type Config, loadConfig } from '@mcr/config';
import type { MetadataStore } from '@mcr/db';
import { assertNotLost, hasDatabase } from '../lost-database.ts';

/** The option that every command but `init` has. */
export const configOption = {
  config: {
    alias: 'c',
    type: 'string',
    requiresArg: true,
    value: 'FILE',
    default: process.env.MCR_CONFIG ?? 'mcr.toml',
    defaultDescription: '$MCR_CONFIG or mcr.toml',
    describe: 'Configuration file',
  },
} as const;

/** Reads the configuration that `--config` and the environment give. */
export function readConfig(path: string): Config {
  return loadConfig({ path, env: process.env });
}

type Task<T> = (store: MetadataStore, config: Config) => Promise<T>;

/**
 * Runs `task` on the database of the configured registry, also beside a running server. Throws when there is none: a
 * new one would know nothing, and look like an empty registry.
 */
export async function withStore<T>(configPath: string, task: Task<T>): Promise<T> {
  const config = readConfig(configPath);
  const { path } = config.database;
  if (await hasDatabase(path)) return await openStore(config, task);
  throw new CliError(
    `There is no database at "${path}"; check database.path, restore a snapshot, or start the server to begin anew`,
  );
}

/** The same for a registry that is being set up: makes its database, unless there are blobs of one that is lost. */
export async function withNewStore<T>(configPath: string, task: Task<T>): Promise<T> {
  const config = readConfig(configPath);
  if (await hasDatabase(config.database.path)) return await openStore(config, task);
  const [{ DiskBlobStore }, { ensureOwnLayers }] = await Promise.all([
    import('@mcr/storage'),
    import('../own-layers.ts'),
  ]);
  const blobs = await DiskBlobStore.open(config.storage);
  try {
    await assertNotLost(config.database.path, blobs);
    return await openStore(config, async (store) => {
      await ensureOwnLayers({ store, blobs, layersPath: config.storage.layersPath });
      return await task(store, config);
    });
  } finally {
    await blobs.close();
  }
}

async function openStore<T>(config: Config, task: Task<T>): Promise<T> {
  const [{ SqliteMetadataStore }, { readOnlyStore }] = await Promise.all([
    import('@mcr/db'),
    import('../read-only/read-only-store.ts'),
  ]);
  const store = await SqliteMetadataStore.open({ path: config.database.path });
  try {
    return await task(config.server.readOnly ? readOnlyStore(store) : store, config);
  } finally {
    await store.close();
  }
}

/** The command line as an actor of the audit log. */
export function cliChange(): { readonly actor: { readonly name: string }; readonly now: number } {
  return { actor: { name: 'mcrsrv' }, now: Date.now() };
}
