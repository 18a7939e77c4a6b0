// Written by `npm run tables`. Do not edit.
import type { Command } from '../cli/command.ts';
import { accountCreateCommand } from './account/create.ts';
import { accountDelegateCommand } from './account/delegate.ts';
import { accountDelegationsCommand } from './account/delegations.ts';
import { accountDeleteCommand } from './account/delete.ts';
import { accountDisableCommand, accountEnableCommand } from './account/enable.ts';
import { accountListCommand } from './account/list.ts';
import { accountPasswdCommand } from './account/passwd.ts';
import { accountUndelegateCommand } from './account/undelegate.ts';
import { accountUpdateCommand } from './account/update.ts';
import { auditListCommand } from './audit/list.ts';
import { auditTailCommand } from './audit/tail.ts';
import { loginCommand } from './auth/login.ts';
import { logoutCommand } from './auth/logout.ts';
import { whoamiCommand } from './auth/whoami.ts';
import { completionCommand } from './completion/completion.ts';
import { configCommand } from './config.ts';
import { contextDeleteCommand } from './context/delete.ts';
import { contextListCommand } from './context/list.ts';
import { contextUseCommand } from './context/use.ts';
import { gcListCommand } from './gc/list.ts';
import { gcRunCommand } from './gc/run.ts';
import { gcStatusCommand } from './gc/status.ts';
import { identityBlockCommand, identityUnblockCommand } from './identity/block.ts';
import { identityDeleteCommand } from './identity/delete.ts';
import { identityListCommand } from './identity/list.ts';
import { manifestDeleteCommand } from './manifest/delete.ts';
import { manifestGetCommand } from './manifest/get.ts';
import { manifestListCommand } from './manifest/list.ts';
import { policyCreateCommand } from './policy/create.ts';
import { policyDeleteCommand } from './policy/delete.ts';
import { policyDisableCommand, policyEnableCommand } from './policy/enable.ts';
import { policyExplainCommand } from './policy/explain.ts';
import { policyGetCommand } from './policy/get.ts';
import { policyListCommand } from './policy/list.ts';
import { policyMatchCommand } from './policy/match.ts';
import { policyUpdateCommand } from './policy/update.ts';
import { repoDeleteCommand } from './repo/delete.ts';
import { repoGetCommand } from './repo/get.ts';
import { repoLayersCommand } from './repo/layers.ts';
import { repoListCommand } from './repo/list.ts';
import { repoUpdateCommand } from './repo/update.ts';
import { searchCommand } from './search/search.ts';
import { snapshotCommand, snapshotCreateCommand } from './snapshot/create.ts';
import { snapshotListCommand } from './snapshot/list.ts';
import { statusCommand } from './status/status.ts';
import { storageCommand } from './storage/storage.ts';
import { tagDeleteCommand } from './tag/delete.ts';
import { tagListCommand } from './tag/list.ts';
import { tokenCreateCommand } from './token/create.ts';
import { tokenListCommand } from './token/list.ts';
import { tokenRevokeCommand } from './token/revoke.ts';
import { tokenRotateCommand } from './token/rotate.ts';

/** Every command, by its file. */
export const allCommands: readonly Command[] = [
  accountCreateCommand,
  accountDelegateCommand,
  accountDelegationsCommand,
  accountDeleteCommand,
  accountEnableCommand,
  accountDisableCommand,
  accountListCommand,
  accountPasswdCommand,
  accountUndelegateCommand,
  accountUpdateCommand,
  auditListCommand,
  auditTailCommand,
  loginCommand,
  logoutCommand,
  whoamiCommand,
  completionCommand,
  configCommand,
  contextDeleteCommand,
  contextListCommand,
  contextUseCommand,
  gcListCommand,
  gcRunCommand,
  gcStatusCommand,
  identityBlockCommand,
  identityUnblockCommand,
  identityDeleteCommand,
  identityListCommand,
  manifestDeleteCommand,
  manifestGetCommand,
  manifestListCommand,
  policyCreateCommand,
  policyDeleteCommand,
  policyEnableCommand,
  policyDisableCommand,
  policyExplainCommand,
  policyGetCommand,
  policyListCommand,
  policyMatchCommand,
  policyUpdateCommand,
  repoDeleteCommand,
  repoGetCommand,
  repoLayersCommand,
  repoListCommand,
  repoUpdateCommand,
  searchCommand,
  snapshotCommand,
  snapshotCreateCommand,
  snapshotListCommand,
  statusCommand,
  storageCommand,
  tagDeleteCommand,
  tagListCommand,
  tokenCreateCommand,
  tokenListCommand,
  tokenRevokeCommand,
  tokenRotateCommand,
];
