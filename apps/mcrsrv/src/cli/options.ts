import { type Config, loadConfig } from '@mcr/config';
import type { MetadataStore } from '@mcr/db';
import { CliError } from './output.ts';

/** The option that every command but `init` has. */
export const configOption = {
  config: {
    alias: 'c',
    type: 'string',
    default: process.env.MCR_CONFIG ?? 'mcr.toml',
    defaultDescription: '$MCR_CONFIG or mcr.toml',
    describe: 'Configuration file',
  },
} as const;

/** Reads the configuration that `--config` and the environment give. */
export function readConfig(path: string): Config {
  return loadConfig({ path, env: process.env });
}

/** Runs `task` on the database of the configured registry, also beside a running server. */
export async function withStore<T>(
  configPath: string,
  task: (store: MetadataStore, config: Config) => Promise<T>,
): Promise<T> {
  const config = readConfig(configPath);
  const { SqliteMetadataStore } = await import('@mcr/db');
  const store = await SqliteMetadataStore.open({ path: config.database.path });
  try {
    return await task(store, config);
  } finally {
    await store.close();
  }
}

/** As `withStore`, for local accounts: refuses where identities live elsewhere. */
export async function withAccounts<T>(configPath: string, task: (store: MetadataStore) => Promise<T>): Promise<T> {
  return await withStore(configPath, async (store, config) => {
    if (config.auth.provider === 'local') return await task(store);
    throw new CliError(
      `Accounts are kept by MCIAS here (auth.provider = "${config.auth.provider}"); manage them there`,
    );
  });
}

/** The command line as an actor of the audit log. */
export function cliChange(): { readonly actor: { readonly name: string }; readonly now: number } {
  return { actor: { name: 'mcrsrv' }, now: Date.now() };
}
