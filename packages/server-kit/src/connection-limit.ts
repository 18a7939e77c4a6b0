import { readFileSync } from 'node:fs';

/** An idle TLS connection takes 60 kB, so that so many take half a gigabyte. */
const most = 8_192;
/** The web UI and a few operators share these. */
const mostRpc = 1_024;
/** A page takes a browser six at most; what the web UI itself opens is one connection. */
const mostWeb = 4_096;
/** Of those who read the metrics there are few. */
const mostMetrics = 64;
/** Each connection may have a blob or an upload open beside itself; the database and the log need a few files, too. */
const share = 0.4;
const rpcShare = 0.05;
const metricsShare = 0.02;
/** The web UI has hardly any other file to open. */
const webShare = 0.8;

/** How many connections each listener takes at a time; what comes beyond is closed. */
export interface ConnectionLimits {
  readonly registry: number;
  readonly rpc: number;
  readonly metrics: number;
  readonly web: number;
}

/**
 * Limits that leave the process files to open: without any, whoever opens connections would keep blobs from being read.
 * `limits` is the text of Linux' `/proc/self/limits`, empty where there is none.
 */
export function connectionLimits(limits: string = ownLimits()): ConnectionLimits {
  const files = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  const part = (bound: number, ofFiles: number) => Math.min(bound, Math.max(1, Math.floor(files * ofFiles)));
  return {
    registry: part(most, share),
    rpc: part(mostRpc, rpcShare),
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
