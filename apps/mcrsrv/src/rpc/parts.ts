import type { InFlight } from '@mcr/server-kit';
import type { ServiceContext } from '../services/context.ts';

/** What the methods work with. */
export interface RpcParts {
  readonly services: ServiceContext;
  /** Origin that clients of the registry use, if it was configured. */
  readonly publicUrl: string | undefined;
  /** Port of the registry's own listener. */
  readonly port: number;
  /** Aborted when the server begins to shut down. */
  readonly stopping: AbortSignal;
  /** Where calls are counted. */
  readonly inFlight: InFlight;
}
