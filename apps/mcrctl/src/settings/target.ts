import { readAuthorityFile, trustedAuthorities } from '@mcr/server-kit/authorities';
import { usageError } from '../cli/errors.ts';
import type { Io } from '../cli/io.ts';
import { usualGrpcAddress } from './address.ts';
import { parseTimeout } from './duration.ts';
import { requireServer } from './required.ts';
import type { Setting } from './setting.ts';
import type { Settings } from './settings.ts';

/** An address, and the timeout of requests to it. */
export interface Target {
  /** Origin. */
  readonly address: string;
  /** The option that sets the address. */
  readonly option: '--server' | '--grpc';
  /** File of the CA, for messages. */
  readonly caFile: string | undefined;
  readonly ca: string[];
  /** Milliseconds for one request and its response. */
  readonly timeout: number;
  readonly cancelled: AbortSignal;
}

/**
 * The addresses of the REST API and the gRPC API. Throws a usage error if no registry is given or a setting is invalid.
 */
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

/** PEM certificates to trust: the one that the setting names and no other, else Node's and those of the system. */
export function authoritiesOf({ value: file, from }: Setting): string[] {
  return trustedAuthorities(file === undefined ? undefined : readCertificate(file, from));
}

function readCertificate(file: string, from: string): string {
  try {
    return readAuthorityFile(file);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw usageError(
      `${from === '--ca-cert' ? from : `the CA in ${from}`} "${file}" is unusable: ${reasons[code] ?? message}`,
      'pass the PEM file of the CA with --ca-cert, such as srv/tls/ca.crt',
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};
