import { CliExit } from '@mcr/cli';
import { ConfigError, checkPermissions, type Environment, loadWebConfig } from '@mcr/config';
import { examineStart, type Findings } from '../check.ts';
import { assertNode, configOption, defineCommand } from './command.ts';

/** `mcr-web check`: whether a web UI would start, found out by what a start does. */
export const checkCommand = defineCommand({
  name: 'check',
  describe: 'Check a configuration without starting the web UI',
  options: {
    ...configOption,
    json: { type: 'boolean', default: false, describe: 'Print problems and warnings as JSON' },
  },
  examples: [['mcr-web check --config /srv/mcr/mcr.toml', 'Before a restart, as the user that it runs as']],
  notes: ['Exits with 1 when there are problems; warnings do not prevent a start'],
  run: async ({ env, stdout, stderr }, { config, json }) => {
    assertNode();
    const { problems, warnings } = await examine(config, env);
    if (json) stdout(`${JSON.stringify({ ok: problems.length === 0, problems, warnings })}\n`);
    else {
      for (const { key, message } of warnings) stderr(`warning: ${key}: ${message}\n`);
      for (const { key, message } of problems) stderr(`${key}: ${message}\n`);
      if (problems.length === 0) stdout('ok\n');
    }
    if (problems.length > 0) throw new CliExit(1);
  },
});

async function examine(path: string, env: Environment): Promise<Findings> {
  try {
    const config = loadWebConfig({ path, env });
    const { problems, warnings } = await examineStart(config);
    return { problems, warnings: [...checkPermissions(config, path).warnings, ...warnings] };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}
