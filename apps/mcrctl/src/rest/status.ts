import type { CliError } from '../cli/errors.ts';
import { type Reason, refusal } from '../failures/refusal.ts';
import { tokenRefused } from '../settings/required.ts';
import type { Settings } from '../settings/settings.ts';
import type { RestRequest } from './client.ts';
import type { Answer } from './exchange.ts';

const reasons: Readonly<Record<number, Reason>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'denied',
  404: 'missing',
  409: 'conflict',
  413: 'invalid',
};

/** The registry's own refusal in words; `undefined` when the answer is not one of an MCR registry that knows the path. */
export function explainStatus(answer: Answer, request: RestRequest, settings: Settings): CliError | undefined {
  const { error } = (answer.body ?? {}) as { error?: unknown };
  const isUnknownPath = answer.status === 404 && request.names !== true;
  if (typeof error !== 'string' || isUnknownPath) return undefined;
  const reason = reasons[answer.status] ?? 'failed';
  if (reason === 'unauthenticated' && request.open !== true) return tokenRefused(settings);
  return refusal(reason, error, request.to, request.hints);
}
