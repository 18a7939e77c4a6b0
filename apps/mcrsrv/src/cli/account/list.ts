import { defineCommand } from '../command.ts';
import { configOption } from '../options.ts';
import { printTable } from '../output.ts';
import { jsonOption } from './options.ts';

const pageSize = 500;

/** `mcrsrv account list` */
export const accountListCommand = defineCommand({
  name: 'account list',
  describe: 'List the accounts',
  options: { ...configOption, ...jsonOption },
  examples: [['mcrsrv account list --json', 'For scripts']],
  run: async ({ config, json }) => {
    const [{ printAccount, withAccounts }, { listAccounts }, { pageOf }] = await Promise.all([
      import('./accounts.ts'),
      import('../../admin/accounts/list.ts'),
      import('../../admin/page.ts'),
    ]);
    const accounts = await withAccounts(config, async ({ run }) => {
      const all = [];
      for (let pageToken = ''; ; ) {
        const { accounts, nextPageToken } = await run(listAccounts, {}, { page: pageOf({ pageSize, pageToken }) });
        all.push(...accounts);
        if (nextPageToken === '') return all;
        pageToken = nextPageToken;
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
});
