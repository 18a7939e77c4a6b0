import type { IncomingMessage, ServerResponse } from 'node:http';
import { withoutSecrets } from '@mcr/auth';
import type { RequestRecord } from '@mcr/server-kit';
import type { Logger } from 'pino';

/**
 * Writes one line for a request that has ended. Neither query nor header values go in, since they may hold credentials,
 * but for what a token was asked for; access tokens in the place of a name or in the path are cut.
 */
export function logRequest(
  log: Logger,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  record: RequestRecord,
  bytesOut: number,
): void {
  const status = outgoing.statusCode;
  const line = {
    requestId: record.id,
    actor: record.actor === undefined ? undefined : withoutSecrets(record.actor),
    ip: record.ip,
    method: incoming.method,
    route: record.route,
    path: withoutSecrets(incoming.url?.split('?', 1)[0] ?? '').slice(0, 500),
    ...record.requested,
    status,
    bytesIn: record.bytesIn,
    bytesOut,
    durationMs: Math.round((performance.now() - record.startedAt) * 10) / 10,
    ...(!outgoing.writableFinished && { aborted: true }),
    ...(record.error !== undefined && { err: record.error }),
  };
  if (status >= 500) log.error(line, 'request failed');
  else log.info(line, 'request');
}
