import { checkPermissions } from '@mcr/config';
import { nodeVersionProblem } from '@mcr/core';
import type { CommandModule } from 'yargs';
import { readConfig } from './options.ts';
import { CliError, print, say } from './output.ts';

/** `mcrsrv check`: whether a server would start, as far as Node and the configuration are concerned; for installers. */
export const checkCommand: CommandModule<unknown, { config: string | undefined }> = {
  command: 'check',
  describe: 'Check that this Node may serve and, with --config, that the configuration works; starts nothing',
  builder: (args) =>
    args
      .option('config', { alias: 'c', type: 'string', describe: 'Configuration file to check' })
      .example('$0 check', 'Node alone')
      .example('$0 check --config /srv/mcr/mcr.toml', 'before a restart'),
  handler: ({ config: path }) => {
    const problem = nodeVersionProblem(process.versions.node);
    if (problem !== undefined) throw new CliError(problem);
    if (path !== undefined) {
      for (const { key, message } of checkPermissions(readConfig(path), path).warnings) say(`${key}: ${message}`);
    }
    print('ok');
  },
};
