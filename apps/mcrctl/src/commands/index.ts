import type { Command } from '../cli/command.ts';
import type { CommandSet } from '../cli/command-set.ts';
import { accountCreateCommand } from './account/create.ts';
import { accountDeleteCommand } from './account/delete.ts';
import { accountDisableCommand, accountEnableCommand } from './account/enable.ts';
import { accountListCommand } from './account/list.ts';
import { accountPasswdCommand } from './account/passwd.ts';
import { accountUpdateCommand } from './account/update.ts';
import { auditListCommand } from './audit/list.ts';
import { auditTailCommand } from './audit/tail.ts';
import { loginCommand } from './auth/login.ts';
import { logoutCommand } from './auth/logout.ts';
import { whoamiCommand } from './auth/whoami.ts';
import { completionCommand } from './completion/completion.ts';
import { configCommand } from './config.ts';
import { gcListCommand } from './gc/list.ts';
import { gcRunCommand } from './gc/run.ts';
import { gcStatusCommand } from './gc/status.ts';
import { manifestDeleteCommand } from './manifest/delete.ts';
import { manifestGetCommand } from './manifest/get.ts';
import { manifestListCommand } from './manifest/list.ts';
import { policyCreateCommand } from './policy/create.ts';
import { policyDeleteCommand } from './policy/delete.ts';
import { policyDisableCommand, policyEnableCommand } from './policy/enable.ts';
import { policyExplainCommand } from './policy/explain.ts';
import { policyGetCommand } from './policy/get.ts';
import { policyListCommand } from './policy/list.ts';
import { policyUpdateCommand } from './policy/update.ts';
import { repoDeleteCommand } from './repo/delete.ts';
import { repoGetCommand } from './repo/get.ts';
import { repoListCommand } from './repo/list.ts';
import { snapshotCommand, snapshotCreateCommand } from './snapshot/create.ts';
import { snapshotListCommand } from './snapshot/list.ts';
import { statusCommand } from './status/status.ts';
import { tagDeleteCommand } from './tag/delete.ts';
import { tagListCommand } from './tag/list.ts';

const commands: readonly Command[] = [
  loginCommand,
  logoutCommand,
  whoamiCommand,
  configCommand,
  statusCommand,
  repoListCommand,
  repoGetCommand,
  repoDeleteCommand,
  tagListCommand,
  tagDeleteCommand,
  manifestListCommand,
  manifestGetCommand,
  manifestDeleteCommand,
  policyListCommand,
  policyGetCommand,
  policyCreateCommand,
  policyUpdateCommand,
  policyEnableCommand,
  policyDisableCommand,
  policyDeleteCommand,
  policyExplainCommand,
  auditListCommand,
  auditTailCommand,
  gcRunCommand,
  gcStatusCommand,
  gcListCommand,
  snapshotCommand,
  snapshotCreateCommand,
  snapshotListCommand,
  accountListCommand,
  accountCreateCommand,
  accountUpdateCommand,
  accountPasswdCommand,
  accountEnableCommand,
  accountDisableCommand,
  accountDeleteCommand,
  completionCommand,
];

const groups: Readonly<Record<string, string>> = {
  repo: 'Repositories',
  tag: 'Tags',
  manifest: 'Manifests',
  policy: 'Rules that say who may do what',
  audit: 'What happened',
  gc: 'Garbage collection',
  snapshot: 'Copies of the database',
  account: "The registry's own accounts",
};

/** Every command, in the order of the help. */
export const commandSet: CommandSet = { commands, groups };
