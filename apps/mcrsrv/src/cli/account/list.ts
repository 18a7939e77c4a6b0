import type { CommandModule } from 'yargs';
import { configOption } from '../options.ts';
import { printTable } from '../output.ts';
import { jsonOption } from './options.ts';

const pageSize = 500;

/** `mcrsrv account list` */
export const accountListCommand: CommandModule<unknown, { config: string; json: boolean }> = {
  command: 'list',
  describe: 'List the accounts',
  builder: (args) => args.options(configOption).options(jsonOption).example('$0 account list --json', 'for scripts'),
  handler: async ({ config, json }) => {
    const [{ printAccount, withAccounts }, { listAccounts }] = await Promise.all([
      import('./accounts.ts'),
      import('../../admin/accounts/list.ts'),
    ]);
    const accounts = await withAccounts(config, async ({ run }) => {
      const all = [];
      for (let after = ''; ; ) {
        const page = { limit: pageSize, ...(after !== '' && { after }) };
        const { accounts, nextPageToken } = await run(listAccounts, {}, { page });
        all.push(...accounts);
        if (nextPageToken === '') return all;
        after = accounts.at(-1)!.username;
      }
    });
    if (json) return accounts.forEach(printAccount);
    const rows = accounts.map(({ id, username, accountType, roles, enabled }) => [
      username,
      accountType,
      roles.join(',') || '-',
      enabled ? 'yes' : 'no',
      id,
    ]);
    printTable(['NAME', 'TYPE', 'ROLES', 'ENABLED', 'ID'], rows);
  },
};
