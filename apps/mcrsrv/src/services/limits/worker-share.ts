import { hashesAtOnce } from '@mcr/auth';
import { maxManifestSize } from '@mcr/core';
import { type BodyLimits, defaultBodyLimits } from '@mcr/server-kit';

/** Two of the largest manifests: a worker that could not hold one would reject it forever. */
const leastBytes = 2 * maxManifestSize;

/** What one of several workers may use of the machine, of what the whole registry may. */
export interface WorkerShare {
  /** Bytes of bodies in memory. */
  readonly bodies: BodyLimits;
  /** Passwords that are hashed concurrently. */
  readonly hashes: number;
}

/**
 * Divides what bounds memory and cores as a whole. Limits of the configuration are not divided: a client may have all of its
 * requests on one connection, and so at one worker.
 */
export function shareOfWorker(workers: number, cores: number): WorkerShare {
  const { bytes, bytesOfAccount } = defaultBodyLimits;
  return {
    bodies: {
      bytes: Math.max(Math.ceil(bytes / workers), 2 * leastBytes),
      bytesOfAccount: Math.max(Math.ceil(bytesOfAccount / workers), leastBytes),
    },
    hashes: Math.ceil(hashesAtOnce(cores) / workers),
  };
}
