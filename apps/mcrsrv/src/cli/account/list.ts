import type { Account } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import type { CommandModule } from 'yargs';
import { configOption, withAccounts } from '../options.ts';
import { print, printTable } from '../output.ts';

const readSize = 500;

/** `mcrsrv account list` */
export const accountListCommand: CommandModule<unknown, { config: string; json: boolean }> = {
  command: 'list',
  describe: 'List the accounts',
  builder: (args) =>
    args
      .options(configOption)
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line' })
      .example('$0 account list --json', 'for scripts'),
  handler: async ({ config, json }) => {
    const accounts = await withAccounts(config, readAll);
    if (json) for (const account of accounts) print(JSON.stringify(publicForm(account)));
    else printTable(['NAME', 'TYPE', 'ROLES', 'ENABLED', 'ID'], accounts.map(row));
  },
};

async function readAll(store: MetadataStore): Promise<readonly Account[]> {
  const accounts: Account[] = [];
  for (let slice = await store.listAccounts({ limit: readSize }); slice.length > 0; ) {
    accounts.push(...slice);
    slice = await store.listAccounts({ after: slice.at(-1)!.username, limit: readSize });
  }
  return accounts;
}

function publicForm({ id, username, type, roles, enabled, createdAt }: Account): object {
  return { id, username, type, roles, enabled, createdAt: new Date(createdAt).toISOString() };
}

function row({ id, username, type, roles, enabled }: Account): readonly string[] {
  return [username, type, roles.join(',') || '-', enabled ? 'yes' : 'no', id];
}
