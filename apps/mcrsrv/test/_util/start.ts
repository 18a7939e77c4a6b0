import { loadConfig } from '@mcr/config';
import { createLogger } from '@mcr/server-kit/logger';
import { createContext } from '../../src/context.ts';
import { createServer, type RunningServer } from '../../src/server.ts';
import { type CliResult, mcrsrv } from './cli.ts';

/** Runs `mcrsrv server` in this process, which has to fail at its start. Takes the signal handlers away that it left. */
export async function failingStart(config: string): Promise<CliResult> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = new Set(signals.flatMap((name) => process.listeners(name)));
  try {
    return await mcrsrv(['server', '--config', config]);
  } finally {
    for (const name of signals) {
      for (const listener of process.listeners(name)) if (!before.has(listener)) process.off(name, listener);
    }
  }
}

/** Starts a server as the configuration and the environment say. */
export async function startFrom(config: string): Promise<RunningServer> {
  await using resources = new AsyncDisposableStack();
  const log = createLogger('fatal', { write: () => {} });
  const context = resources.use(await createContext(loadConfig({ path: config, env: process.env }), { log }));
  const server = resources.use(await createServer(context));
  const owned = resources.move();
  return { ...server, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
