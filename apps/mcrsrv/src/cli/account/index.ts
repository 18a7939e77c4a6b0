import type { CommandModule } from 'yargs';
import { accountCreateCommand } from './create.ts';
import { accountDeleteCommand } from './delete.ts';
import { accountDisableCommand, accountEnableCommand } from './enable.ts';
import { accountListCommand } from './list.ts';
import { accountPasswdCommand } from './passwd.ts';
import { accountUpdateCommand } from './update.ts';

/** `mcrsrv account …`: the operations of the API on local accounts, without a server; a running one notices at once. */
export const accountCommand: CommandModule = {
  command: 'account',
  describe: 'Manage local accounts',
  builder: (args) =>
    args
      .parserConfiguration({ 'boolean-negation': false })
      .command(accountCreateCommand)
      .command(accountListCommand)
      .command(accountUpdateCommand)
      .command(accountPasswdCommand)
      .command(accountEnableCommand)
      .command(accountDisableCommand)
      .command(accountDeleteCommand)
      // The names that these verbs had; help does not show them.
      .command({ ...accountCreateCommand, command: 'add <name>', describe: false })
      .command({ ...accountDeleteCommand, command: 'remove <name>', describe: false })
      .demandCommand(1, 'Say what to do: create, list, update, passwd, enable, disable or delete'),
  handler: () => {},
};
