import { CliError } from '@mcr/cli';
import type { Config } from '@mcr/config';
import { connectionBounds, createMetricsListener, Listeners, TrustedProxies } from '@mcr/server-kit';
import { createLogger, standardOutput } from '@mcr/server-kit/logger';
import type { Logger } from 'pino';
import { putAwayMs } from '../server.ts';
import { startWarnings } from '../start/warnings.ts';
import { primaryNumber } from './metric-sum.ts';
import { WorkerPool } from './pool.ts';
import { TicketRotation } from './ticket-rotation.ts';
import { WorkerMetrics } from './worker-metrics.ts';

/** What a worker needs to end when everything in it has ended. */
const exitMs = 5_000;

/** What to serve, and until when. */
export interface PrimaryOptions {
  readonly config: Config;
  /** The file of the configuration. */
  readonly path: string;
  readonly workers: number;
  /** Resolves when the registry is to stop. */
  readonly stopped: Promise<void>;
}

/**
 * Runs the registry with several workers: starts them, hands them connections, replaces those that end, and serves
 * metrics. Opens neither database nor blobs. Throws why the workers cannot start, or have to stop.
 */
export async function runPrimary({ config, path, workers, stopped }: PrimaryOptions): Promise<void> {
  const { shutdownTimeout } = config.server;
  const log = createLogger(config.log.level, standardOutput(), { worker: primaryNumber });
  for (const { key, message } of startWarnings(config, path)) log.warn({ key }, message);
  const tickets = new TicketRotation((keys) => pool.send({ type: 'tickets', keys }));
  const metrics = new WorkerMetrics(() => pool);
  const pool = new WorkerPool({
    size: workers,
    start: () => ({ config: configOfWorkers(config), ticketKeys: tickets.keys }),
    onFigures: (worker, figures) => metrics.update(worker, figures),
    onEnd: (worker) => metrics.end(worker),
    stopTimeout: shutdownTimeout + putAwayMs + exitMs,
    log,
  });
  const reload = (): void => {
    for (const worker of pool.processes) worker.kill('SIGHUP');
  };
  const replace = (): void => void pool.replaceAll();
  // Signals that would end this process have to find a handler before there are workers.
  process.on('SIGHUP', reload);
  process.on('SIGUSR2', replace);
  const listeners = new Listeners(shutdownTimeout);
  try {
    const started = pool.start();
    started.catch(() => {});
    const found = await Promise.race([started, pool.failed, stopped]);
    if (found === undefined) return;
    await listenForScrapes(config, { metrics, listeners, log });
    log.info({ ...found, workers }, 'listening');
    await Promise.race([stopped, pool.failed]);
    log.info({ timeoutMs: shutdownTimeout }, 'stopping, transfers in flight may finish');
  } catch (error) {
    throw new CliError((error as Error).message, { cause: error });
  } finally {
    process.off('SIGUSR2', replace);
    tickets.stop();
    await Promise.all([pool.stop(), listeners[Symbol.asyncDispose]()]);
    process.off('SIGHUP', reload);
  }
}

/** The primary has the listener of metrics. */
function configOfWorkers({ server, ...config }: Config): Config {
  const { metricsAddr: _metricsAddr, ...others } = server;
  return { ...config, server: others };
}

interface ScrapeParts {
  readonly metrics: WorkerMetrics;
  readonly listeners: Listeners;
  readonly log: Logger;
}

async function listenForScrapes(config: Config, { metrics, listeners, log }: ScrapeParts): Promise<void> {
  const { metricsAddr: address, trustedProxies } = config.server;
  if (address === undefined) return;
  const { connectionsPerAddress: perAddress } = config.limits;
  const proxies = new TrustedProxies(trustedProxies);
  const server = createMetricsListener({
    metrics: { contentType: metrics.registry.contentType, metrics: () => metrics.text() },
    ready: () => metrics.readiness(),
    connections: connectionBounds({ listener: 'metrics', perAddress, proxies, log, metrics }),
  });
  await listeners.open(server, { key: 'server.metrics_addr', address, cut: () => server.closeAllConnections() });
}
