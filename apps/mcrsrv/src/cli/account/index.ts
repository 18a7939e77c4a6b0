import type { Command } from '../command.ts';
import { accountCreateCommand } from './create.ts';
import { accountDeleteCommand } from './delete.ts';
import { accountDisableCommand, accountEnableCommand } from './enable.ts';
import { accountListCommand } from './list.ts';
import { accountPasswdCommand } from './passwd.ts';
import { accountUpdateCommand } from './update.ts';

/** `mcrsrv account …`: the operations of the API on local accounts, without a server; a running one notices at once. */
export const accountCommands: readonly Command[] = [
  accountCreateCommand,
  accountListCommand,
  accountUpdateCommand,
  accountPasswdCommand,
  accountEnableCommand,
  accountDisableCommand,
  accountDeleteCommand,
];
