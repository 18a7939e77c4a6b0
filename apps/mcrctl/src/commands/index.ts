import { versionLine } from '@mcr/core';
import type { Command, CommandSet } from '../cli/command.ts';
import { exitCodeMeanings } from '../cli/exit-codes.ts';
import { globalOptions } from '../cli/global-options.ts';
import { allCommands } from './all.ts';

const groups: Readonly<Record<string, string>> = {
  context: 'Registries and logins',
  repo: 'Repositories',
  tag: 'Tags',
  manifest: 'Manifests',
  policy: 'Access rules',
  audit: 'Audit log',
  gc: 'Garbage collection',
  snapshot: 'Copies of the database',
  account: "The registry's own accounts",
  token: 'Access tokens',
  identity: 'People who sign in at OpenID providers',
};

/** Order of the help: by the first word, then by the verb; names in neither list come last. */
const nouns = ['login', 'logout', 'whoami', 'config', 'status', 'storage', ...Object.keys(groups), 'completion'];
const verbs = [
  'list',
  'use',
  'get',
  'create',
  'update',
  'passwd',
  'enable',
  'disable',
  'rotate',
  'revoke',
  'block',
  'unblock',
  'delegations',
  'delegate',
  'undelegate',
  'delete',
];

function compare(left: Command, right: Command): number {
  const [a = '', b = ''] = left.name.split(' ');
  const [c = '', d = ''] = right.name.split(' ');
  return placeIn(nouns, a) - placeIn(nouns, c) || placeIn(verbs, b) - placeIn(verbs, d);
}

function placeIn(words: readonly string[], word: string): number {
  return words.includes(word) ? words.indexOf(word) : words.length;
}

/** The program, with all commands in the order of the help. */
export const commandSet: CommandSet = {
  name: 'mcrctl',
  describe: "The operator's command line of the MCR registry",
  version: versionLine,
  commands: allCommands.toSorted(compare),
  groups,
  globalOptions,
  notes: [`Exit codes: ${exitCodeMeanings.map((pair) => pair.join(' ')).join(', ')}`],
};
