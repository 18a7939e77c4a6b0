import { SessionTickets } from '@mcr/server-kit';
import { createLogger, standardOutput } from '@mcr/server-kit/logger';
import { areOwned } from '../blob-stores.ts';
import { type AppContext, createContext } from '../context.ts';
import { createServer, listeningOn, storageFailed } from '../server.ts';
import { checkReadiness } from '../services/health/ready.ts';
import { storeWarnings } from '../start/warnings.ts';
import { figuresOf } from './figures.ts';
import type { Asked, Questions, WorkerStart } from './messages.ts';
import { PrimaryMessages, send } from './primary-messages.ts';

/** Signals that a service manager or a terminal sends to all processes: the primary tells its workers what to do. */
const signalsOfPrimary = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const;

/** Serves requests in a process that the primary has started, until it is told to end or the primary is gone. */
export async function runWorker(): Promise<void> {
  for (const name of signalsOfPrimary) process.on(name, () => {});
  const messages = new PrimaryMessages();
  await send({ type: 'hello' });
  try {
    await serve(await messages.start, messages);
  } catch (error) {
    await send({ type: 'failed', message: (error as Error).message });
    process.exitCode = 1;
  }
  // The channel to the primary keeps the process alive.
  process.disconnect?.();
}

async function serve(start: WorkerStart, messages: PrimaryMessages): Promise<void> {
  const { config, number } = start;
  const log = createLogger(config.log.level, standardOutput(), { worker: number });
  // Leases of processes that were killed last time need not be waited for.
  const isAlone = start.isFirst && !areOwned(config);
  const tickets = new SessionTickets(start.ticketKeys.map(fromHex));
  await using context = await createContext(config, { log, tickets }, { workers: start.workers, isAlone });
  if (start.isFirst) {
    for (const { key, message } of await storeWarnings(context.services.store)) log.warn({ key }, message);
  }
  await using server = await createServer(context);
  messages.respond = (message) => {
    if (message.type === 'tickets') tickets.replace(message.keys.map(fromHex));
    else void respond(context, message);
  };
  await send({ type: 'listening', listening: listeningOn(server) });

  const drained = messages.drain.then(() => server.drain());
  const failure = await Promise.race([messages.stop, drained, context.fatal.then((error) => ({ error }))]);
  if (failure !== undefined) {
    log.fatal({ err: failure.error }, 'storage failed, stopping');
    await send({ type: 'fatal', message: storageFailed });
    process.exitCode = 1;
  }
  await server[Symbol.asyncDispose]();
  await send({ type: 'bye', metrics: await figuresOf(context.metrics.registry, false) });
}

async function respond(context: AppContext, { id, ...asked }: Asked): Promise<void> {
  const value = await responseTo(context, asked).catch(() => undefined);
  await send({ type: 'response', id, value });
}

async function responseTo(
  { metrics, services }: AppContext,
  asked: Omit<Asked, 'id'>,
): Promise<Questions[keyof Questions]> {
  if (asked.question === 'readiness') return await checkReadiness(services);
  return await figuresOf(metrics.registry, asked.shared === true);
}

function fromHex(key: string): Buffer {
  return Buffer.from(key, 'hex');
}
