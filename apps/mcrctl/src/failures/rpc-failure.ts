import { Code, ConnectError } from '@connectrpc/connect';
import type { About } from '../api/client.ts';
import type { CliError } from '../cli/errors.ts';
import { tokenRefused } from '../settings/required.ts';
import type { Settings } from '../settings/settings.ts';
import type { Target } from '../settings/target.ts';
import { explainConnectionError, explainTimeout } from './connection.ts';
import { identify } from './identify.ts';
import { explainMisunderstanding } from './misunderstanding.ts';
import { type Reason, refusal } from './refusal.ts';

/** Metadata with which the registry marks its own refusals. */
const errorCodeHeader = 'mcr-error-code';

const reasons: Readonly<Partial<Record<Code, Reason>>> = {
  [Code.InvalidArgument]: 'invalid',
  [Code.Unauthenticated]: 'unauthenticated',
  [Code.PermissionDenied]: 'denied',
  [Code.NotFound]: 'missing',
  [Code.AlreadyExists]: 'conflict',
};

/** Says in words why a call failed, and what to do about it. */
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
  const isRefusal = error.metadata.has(errorCodeHeader);
  const found = isRefusal ? undefined : await identify(target);
  const isUnderstood = isRefusal || (found?.option === '--grpc' && error.code !== Code.Unimplemented);
  if (!isUnderstood) return explainMisunderstanding(target, found, to, error);
  const reason = reasons[error.code] ?? 'failed';
  return reason === 'unauthenticated' ? tokenRefused(settings) : refusal(reason, error.rawMessage, to, hints);
}

/** What Node said of the connection, if that was the trouble. */
function networkErrorOf(error: Error): NodeJS.ErrnoException | undefined {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (typeof (cause as NodeJS.ErrnoException).code === 'string') return cause;
  }
  return undefined;
}

/** A server that speaks no HTTP/2 ends the handshake or what comes after it. */
function couldBeRest({ code = '' }: NodeJS.ErrnoException): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_HTTP2_') || code === 'ECONNRESET' || code === 'EPROTO';
}
