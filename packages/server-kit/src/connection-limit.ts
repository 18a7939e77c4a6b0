import { readFileSync } from 'node:fs';

/** An idle TLS connection takes 60 kB, so that so many take half a gigabyte. */
const most = 8_192;
/** The web UI and a few operators share these. */
const mostRpc = 1_024;
/** Each connection may have a blob or an upload open beside itself; the database and the log need a few files, too. */
const share = 0.4;
const rpcShare = 0.05;

/** How many connections each listener takes at a time; what comes beyond is closed. */
export interface ConnectionLimits {
  readonly registry: number;
  readonly rpc: number;
}

/**
 * Limits that leave the process files to open: without any, whoever opens connections would keep blobs from being read.
 * `limits` is the text of Linux' `/proc/self/limits`, empty where there is none.
 */
export function connectionLimits(limits: string = ownLimits()): ConnectionLimits {
  const files = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  return {
    registry: Math.min(most, Math.max(1, Math.floor(files * share))),
    rpc: Math.min(mostRpc, Math.max(1, Math.floor(files * rpcShare))),
  };
}

function ownLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
