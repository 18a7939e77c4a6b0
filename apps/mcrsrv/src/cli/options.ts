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
  if (await hasRegistry(config)) return await onStore(config, task);
  const { path } = config.database;
  throw new CliError(
    path === undefined
      ? 'There is no registry in the database; check database.url, restore a backup, or start the server to begin anew'
      : `There is no database at "${path}"; check database.path, restore a snapshot, or start the server to begin anew`,
  );
}

/** The same for a registry that is being set up: makes its database, unless there are blobs of one that is lost. */
export async function withNewStore<T>(configPath: string, task: Task<T>): Promise<T> {
  const config = readConfig(configPath);
  if (await hasRegistry(config)) return await onStore(config, task);
  const [{ openBlobs, placeOf }, { ensureOwnLayers }] = await Promise.all([
    import('../blob-stores.ts'),
    import('../own-layers.ts'),
  ]);
  const blobs = await openBlobs(config);
  try {
    if (config.database.path !== undefined) await assertNotLost(config.database.path, blobs);
    return await onStore(config, async (store) => {
      await ensureOwnLayers({ store, blobs, place: placeOf(config) });
      return await task(store, config);
    });
  } finally {
    await blobs.close();
  }
}

async function hasRegistry(config: Config): Promise<boolean> {
  if (config.database.path !== undefined) return await hasDatabase(config.database.path);
  const [{ examinePostgres }, { postgresOptions }] = await Promise.all([import('@mcr/db'), import('../stores.ts')]);
  return (await examinePostgres(postgresOptions(config)!)).isCurrent;
}

async function onStore<T>(config: Config, task: Task<T>): Promise<T> {
  const [{ openStore }, { readOnlyStore }] = await Promise.all([
    import('../stores.ts'),
    import('../read-only/read-only-store.ts'),
  ]);
  const store = await openStore(config);
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
