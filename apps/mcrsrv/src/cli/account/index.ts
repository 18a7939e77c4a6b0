import type { CommandModule } from 'yargs';
import { accountAddCommand } from './add.ts';
import { accountDisableCommand, accountEnableCommand } from './enable.ts';
import { accountListCommand } from './list.ts';
import { accountPasswdCommand } from './passwd.ts';
import { accountRemoveCommand } from './remove.ts';

/** `mcrsrv account …`: local accounts, straight in the database; a running server notices at once. */
export const accountCommand: CommandModule = {
  command: 'account',
  describe: 'Manage local accounts',
  builder: (args) =>
    args
      .command(accountAddCommand)
      .command(accountListCommand)
      .command(accountPasswdCommand)
      .command(accountEnableCommand)
      .command(accountDisableCommand)
      .command(accountRemoveCommand)
      .demandCommand(1, 'Say what to do: add, list, passwd, enable, disable or remove'),
  handler: () => {},
};
