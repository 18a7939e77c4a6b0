import type { IncomingMessage, ServerResponse } from 'node:http';
import { withoutSecrets } from '@mcr/auth';
import type { RequestRecord } from '@mcr/server-kit';
import { infoLines } from '@mcr/server-kit/logger';
import type { Logger } from 'pino';

const maxPath = 500;

/** Writes the line of a request that has ended. */
export type RequestLog = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  record: RequestRecord,
  bytesOut: number,
) => void;

/**
 * Writes one line for each request that has ended. Neither query nor header values go in, since they may hold credentials,
 * but for what a token was asked for; access tokens in the place of a name or in the path are cut.
 */
export function requestLog(log: Logger): RequestLog {
  const writeUsual = infoLines(log, 'request');
  return (incoming, outgoing, record, bytesOut) => {
    const status = outgoing.statusCode;
    const isUnusual =
      status >= 500 || !outgoing.writableFinished || record.error !== undefined || record.requested !== undefined;
    if (!isUnusual) return writeUsual(usualMembers(incoming, record, status, bytesOut));
    const line = {
      requestId: record.id,
      actor: record.actor === undefined ? undefined : withoutSecrets(record.actor),
      ip: record.ip,
      method: incoming.method,
      route: record.route,
      path: pathOf(incoming),
      ...record.requested,
      status,
      bytesIn: record.bytesIn,
      bytesOut,
      durationMs: durationOf(record),
      ...(!outgoing.writableFinished && { aborted: true }),
      ...(record.error !== undefined && { err: record.error }),
    };
    if (status >= 500) log.error(line, 'request failed');
    else log.info(line, 'request');
  };
}

/** The same members as JSON. A line per request is a tenth of the cost of a small one, most of which is looking at objects. */
function usualMembers(incoming: IncomingMessage, record: RequestRecord, status: number, bytesOut: number): string {
  const { id, actor, ip, route, bytesIn } = record;
  const who = actor === undefined ? '' : `"actor":${JSON.stringify(withoutSecrets(actor))},`;
  const where = route === undefined ? '' : `"route":${JSON.stringify(route)},`;
  return (
    `"requestId":"${id}",${who}"ip":${JSON.stringify(ip)},"method":"${incoming.method}",${where}` +
    `"path":${JSON.stringify(pathOf(incoming))},"status":${status},"bytesIn":${bytesIn},"bytesOut":${bytesOut},` +
    `"durationMs":${durationOf(record)}`
  );
}

function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return withoutSecrets(query < 0 ? url : url.slice(0, query)).slice(0, maxPath);
}

function durationOf({ startedAt }: RequestRecord): number {
  return Math.round((performance.now() - startedAt) * 10) / 10;
}
