import type { Io } from '../cli/io.ts';
import { usualGrpcAddress } from './address.ts';
import { parseTimeout } from './duration.ts';
import { requireServer } from './required.ts';
import type { Settings } from './settings.ts';
import { authoritiesOf } from './trusted-authorities.ts';

/** Where to ask, and how long. */
export interface Target {
  /** Origin. */
  readonly address: string;
  /** The option that names the address. */
  readonly option: '--server' | '--grpc';
  /** File of the authority, for messages. */
  readonly caFile: string | undefined;
  readonly ca: string[];
  /** Milliseconds for one request and its answer. */
  readonly timeout: number;
  readonly cancelled: AbortSignal;
}

/** Where the REST API and the gRPC API are. Throws a usage error when no registry is named or a setting cannot be used. */
export function targetsOf(settings: Settings, { signal }: Io): Readonly<Record<'rest' | 'rpc', Target>> {
  const server = requireServer(settings);
  const timeout = parseTimeout(settings.timeout.value ?? '');
  const ca = authoritiesOf(settings.caCert);
  const common = { caFile: settings.caCert.value, ca, timeout, cancelled: signal };
  return {
    rest: { ...common, address: server, option: '--server' },
    rpc: { ...common, address: settings.grpc.value ?? usualGrpcAddress(server), option: '--grpc' },
  };
}
