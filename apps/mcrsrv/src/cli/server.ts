import { once } from 'node:events';
import { CliError } from '@mcr/cli';
import { type Config, StartError, workersOf } from '@mcr/config';
import { nodeVersionProblem } from '@mcr/core';
import { stopSignal } from '@mcr/server-kit/stop-signal';
import { load } from '../start/load.ts';
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
    const { preflight } = await load(() => import('../start/preflight.ts'));
    const config = readConfig(path);
    const problems = await preflight(config);
    if (problems.length > 0) throw new StartError(problems);
    const workers = workersOf(config.server);
    if (workers === 1) return await serveAlone(config, path, stopped);
    const { runPrimary } = await load(() => import('../workers/primary.ts'));
    await runPrimary({ config, path, workers, stopped });
  },
});

/** Serves in this process. */
async function serveAlone(config: Config, path: string, stopped: Promise<void>): Promise<void> {
  // Other commands, of which `health` runs every few seconds, need nothing of what serves.
  const [{ createContext }, { createServer, listeningOn, storageFailed }, warn] = await load(() =>
    Promise.all([import('../context.ts'), import('../server.ts'), import('../start/warnings.ts')]),
  );
  await using context = await createContext(config);
  const { log, store } = context.services;
  const odd = await warn.storeWarnings(store);
  for (const { key, message } of [...warn.startWarnings(config, path), ...odd]) log.warn({ key }, message);
  const noWorkers = (): void => log.warn('SIGUSR2 restarts workers one by one, and this registry has none');
  process.on('SIGUSR2', noWorkers);
  await using server = await createServer(context);
  log.info(listeningOn(server), 'listening');
  const failure = await Promise.race([stopped, context.fatal.then((error) => ({ error }))]);
  if (failure !== undefined) log.fatal({ err: failure.error }, 'storage failed, stopping');
  log.info({ timeoutMs: config.server.shutdownTimeout }, 'stopping, transfers in flight may finish');
  if (failure !== undefined) throw new CliError(storageFailed);
}
