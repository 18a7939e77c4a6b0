import { readFileSync } from 'node:fs';

/** An idle TLS connection takes 60 kB, so this many take half a gigabyte. */
const most = 8_192;
/** The web UI and a few operators share this listener. */
const mostRpc = 1_024;
/** A browser opens at most six per page; the web UI itself opens one to the registry. */
const mostWeb = 4_096;
/** Only a few scrapers read the metrics. */
const mostMetrics = 64;
/** What a worker takes at least, however many there are: clients are spread over workers, but not evenly. */
const least = { registry: 256, rpc: 64 };
/** Each connection may have a blob or an upload open as well; the database and the log need a few files, too. */
const share = 0.4;
const rpcShare = 0.05;
const metricsShare = 0.02;
/** The web UI opens hardly any other files. */
const webShare = 0.8;

/** The maximum number of connections per listener; further ones are closed. */
export interface ConnectionLimits {
  readonly registry: number;
  readonly rpc: number;
  readonly metrics: number;
  readonly web: number;
}

/**
 * Limits that leave the process file descriptors for blobs: without them, clients could use up all of them with
 * connections. `limits` is the text of Linux' `/proc/self/limits`, or empty on other systems. Of several workers, each has its
 * share of the memory, and files of its own.
 */
export function connectionLimits(limits: string = ownLimits(), workers = 1): ConnectionLimits {
  const files = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  const part = (bound: number, ofFiles: number) => Math.min(bound, Math.max(1, Math.floor(files * ofFiles)));
  return {
    registry: part(Math.max(Math.ceil(most / workers), least.registry), share),
    rpc: part(Math.max(Math.ceil(mostRpc / workers), least.rpc), rpcShare),
    metrics: part(mostMetrics, metricsShare),
    web: part(mostWeb, webShare),
  };
}

function ownLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
