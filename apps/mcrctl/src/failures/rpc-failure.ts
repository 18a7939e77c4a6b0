import { Code, ConnectError } from '@connectrpc/connect';
import type { About } from '../api/client.ts';
import type { CliError } from '../cli/errors.ts';
import { tokenRejected } from '../settings/required.ts';
import type { Settings } from '../settings/settings.ts';
import type { Target } from '../settings/target.ts';
import { explainConnectionError, explainTimeout } from './connection.ts';
import { identify } from './identify.ts';
import { explainMisunderstanding } from './misunderstanding.ts';
import { type Reason, rejection } from './rejection.ts';

/** Metadata by which the registry marks its own errors. */
const errorCodeHeader = 'mcr-error-code';

const reasons: Readonly<Partial<Record<Code, Reason>>> = {
  [Code.InvalidArgument]: 'invalid',
  [Code.Unauthenticated]: 'unauthenticated',
  [Code.PermissionDenied]: 'denied',
  [Code.NotFound]: 'missing',
  [Code.AlreadyExists]: 'conflict',
};

/** Describes why a call failed, and how to fix it. */
export async function explainRpcError(
  thrown: unknown,
  { to, hints }: About,
  target: Target,
  settings: Settings,
): Promise<CliError> {
  const error = ConnectError.from(thrown);
  const network = networkErrorOf(error);
  if (network !== undefined && !couldBeRest(network)) return explainConnectionError(network, target);
  if (error.code === Code.DeadlineExceeded) return explainTimeout(target);
  const isRejection = error.metadata.has(errorCodeHeader);
  const found = isRejection ? undefined : await identify(target);
  const isUnderstood = isRejection || (found?.option === '--grpc' && error.code !== Code.Unimplemented);
  if (!isUnderstood) return explainMisunderstanding(target, found, to, error);
  const reason = reasons[error.code] ?? 'failed';
  return reason === 'unauthenticated' ? tokenRejected(settings) : rejection(reason, error.rawMessage, to, hints);
}

/** Node's connection error, if that was the cause. */
function networkErrorOf(error: Error): NodeJS.ErrnoException | undefined {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (typeof (cause as NodeJS.ErrnoException).code === 'string') return cause;
  }
  return undefined;
}

/** A server without HTTP/2 closes the connection during the handshake or right after it. */
function couldBeRest({ code = '' }: NodeJS.ErrnoException): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_HTTP2_') || code === 'ECONNRESET' || code === 'EPROTO';
}
