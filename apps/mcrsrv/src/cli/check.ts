import { CliError, CliExit } from '@mcr/cli';
import { ConfigError, type ConfigProblem } from '@mcr/config';
import { nodeVersionProblem } from '@mcr/core';
import { defineCommand } from './command.ts';
import { readConfig } from './options.ts';
import { print, say } from './output.ts';

/** What a check has found: a server would not start with problems, and would with warnings. */
interface Findings {
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

/** `mcrsrv check`: whether a server would start, found out by what a start does; for installers and before restarts. */
export const checkCommand = defineCommand({
  name: 'check',
  describe: 'Check that a server would start: on this Node and, with --config, with this configuration; starts nothing',
  options: {
    config: {
      alias: 'c',
      type: 'string',
      requiresArg: true,
      value: 'FILE',
      describe: 'Configuration file to check',
    },
    json: { type: 'boolean', default: false, describe: 'Print problems and warnings as JSON' },
  },
  examples: [
    ['mcrsrv check', 'Node alone'],
    ['mcrsrv check --config /srv/mcr/mcr.toml', 'Before a restart, as the user that the server runs as'],
  ],
  run: async ({ config: path, json }) => {
    const problem = nodeVersionProblem(process.versions.node);
    if (problem !== undefined) throw new CliError(problem);
    const { problems, warnings } = path === undefined ? { problems: [], warnings: [] } : await examine(path);
    if (json) print(JSON.stringify({ ok: problems.length === 0, problems, warnings }));
    else {
      for (const { key, message } of warnings) say(`warning: ${key}: ${message}`);
      for (const { key, message } of problems) say(`${key}: ${message}`);
      if (problems.length === 0) print('ok');
    }
    if (problems.length > 0) throw new CliExit(1);
  },
});

async function examine(path: string): Promise<Findings> {
  try {
    return await examineStart(path);
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}

async function examineStart(path: string): Promise<Findings> {
  const config = readConfig(path);
  // What a check of Node alone does not need.
  const [{ areOwned, placeOf }, { preflight }, { tryListeners }, { issuerWarnings }, warn] = await Promise.all([
    import('../blob-stores.ts'),
    import('../start/preflight.ts'),
    import('../start/try-listeners.ts'),
    import('../start/try-issuers.ts'),
    import('../start/warnings.ts'),
  ]);
  const found = await preflight(config);
  const isRunning = found.length === 0 && areOwned(config);
  const listeners = await tryListeners(config, isRunning);
  const message =
    'a server runs on these blobs, and another one does not start beside it; addresses in use are taken for its own';
  const running = isRunning ? [{ key: placeOf(config).key, message }] : [];
  const issuers = found.length === 0 ? await issuerWarnings(config) : [];
  const known = [...warn.startWarnings(config, path), ...warn.certificateWarnings(config)];
  return {
    problems: [...found, ...listeners.problems],
    warnings: [
      ...known,
      ...(config.database.path === undefined ? [] : warn.databaseWarnings(config.database.path)),
      ...listeners.warnings,
      ...issuers,
      ...running,
    ],
  };
}
