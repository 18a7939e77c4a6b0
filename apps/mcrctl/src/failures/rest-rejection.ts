import type { About } from '../api/client.ts';
import type { HttpResponse } from '../api/exchange.ts';
import type { CliError } from '../cli/errors.ts';
import { tokenRejected } from '../settings/required.ts';
import type { Settings } from '../settings/settings.ts';
import { type Reason, rejection } from './rejection.ts';

/** The request. */
interface Request extends About {
  /** It needs no token, and had none. */
  readonly isPublic: boolean;
  /** It names something that may not exist. */
  readonly names: boolean;
}

const reasons: Readonly<Record<number, Reason>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'denied',
  404: 'missing',
  409: 'conflict',
  413: 'invalid',
};

/**
 * The error for a rejection by the registry; `undefined` if the response is not one of an MCR registry that knows the
 * path.
 */
export function explainRestRejection(
  { status, body }: HttpResponse,
  { to, hints, isPublic, names }: Request,
  settings: Settings,
): CliError | undefined {
  const { error } = (body ?? {}) as { error?: unknown };
  const isUnknownPath = status === 404 && !names;
  if (typeof error !== 'string' || isUnknownPath) return undefined;
  const reason = reasons[status] ?? 'failed';
  return reason === 'unauthenticated' && !isPublic ? tokenRejected(settings) : rejection(reason, error, to, hints);
}
