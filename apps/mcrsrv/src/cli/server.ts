import { once } from 'node:events';
import { CliError } from '@mcr/cli';
import { StartError } from '@mcr/config';
import { nodeVersionProblem } from '@mcr/core';
import { stopSignal } from '@mcr/server-kit/stop-signal';
import { defineCommand } from './command.ts';
import { configOption, readConfig } from './options.ts';

/** `mcrsrv server`: runs the registry until SIGINT or SIGTERM. */
export const serverCommand = defineCommand({
  name: 'server',
  describe: 'Run the registry',
  options: configOption,
  examples: [
    ['mcrsrv server --config /srv/mcr/mcr.toml', 'Run with this configuration'],
    ['MCR_SERVER_LISTEN_ADDR=:443 mcrsrv server', 'Override a key for this run'],
  ],
  run: async ({ config: path }) => {
    const problem = nodeVersionProblem(process.versions.node);
    if (problem !== undefined) throw new CliError(problem);
    const stopped = once(stopSignal(), 'abort').then(() => undefined);
    // Other commands, of which `health` runs every few seconds, need nothing of what serves.
    const [{ createContext }, { createServer }, { preflight }, warn] = await Promise.all([
      import('../context.ts'),
      import('../server.ts'),
      import('../start/preflight.ts'),
      import('../start/warnings.ts'),
    ]);
    const config = readConfig(path);
    const problems = await preflight(config);
    if (problems.length > 0) throw new StartError(problems);
    await using context = await createContext(config);
    const { log, store } = context.services;
    const odd = warn.policyWarnings(await store.policy.listRules());
    for (const { key, message } of [...warn.startWarnings(config, path), ...odd]) log.warn({ key }, message);
    await using _server = await createServer(context);
    const failure = await Promise.race([stopped, context.fatal.then((error) => ({ error }))]);
    if (failure === undefined) return;
    log.fatal({ err: failure.error }, 'storage failed, stopping');
    throw new CliError(
      'The storage did not confirm a write; the registry stops, so that nothing is acknowledged falsely',
    );
  },
});
