import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { accountFields } from './account.ts';

/** `mcrctl account list`: AdminService.ListAccounts. */
export const accountListCommand = defineCommand({
  name: 'account list',
  describe: "List the registry's own accounts, by name",
  options: limitOption,
  examples: [
    ['mcrctl account list', 'See who can log in'],
    ['mcrctl account list --json username,id', 'UUIDs for policy rules, for a script'],
  ],
  fields: accountFields,
  async run({ print, client }, { limit }) {
    const about = { to: 'list the accounts', limit: parseCount(limit, '--limit') };
    const pages = (await client()).pages('admin.listAccounts', {}, about, ({ accounts }) => accounts);
    await print.list(accountFields, pages, 'There are no accounts');
  },
});
