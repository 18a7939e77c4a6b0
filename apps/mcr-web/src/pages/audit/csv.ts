import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';
import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { asCaller } from '../../http/session.ts';
import { parseFilter, toRequest } from './filter.ts';

const pageSize = 1_000;
const head = 'id,time,type,actor_id,actor_name,ip,repository,digest,details\r\n';

/** `GET /audit.csv`: all events that match the filter of the URL, read and sent page by page (RFC 4180). */
export function auditCsv({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const request = toRequest(parseFilter(new URL(c.req.url).searchParams));
    const read = (pageToken: string) =>
      registry.audit.listAuditEvents({ ...request, pageSize, pageToken }, asCaller(c));
    // The first page determines whether the request succeeds at all.
    let page = await read('');
    async function* lines() {
      yield head;
      for (;;) {
        yield page.events.map(line).join('');
        if (page.nextPageToken === '') return;
        page = await read(page.nextPageToken);
      }
    }
    return c.body(ReadableStream.from(lines()).pipeThrough(new TextEncoderStream()), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="audit.csv"',
      'Cache-Control': 'no-store',
    });
  };
}

/** An event as a line; spreadsheets must not interpret any of it as a formula. */
export function line({ id, at, eventType, actor, repository, digest, details }: AuditEvent): string {
  const time = at === undefined ? '' : timestampDate(at).toISOString();
  const { id: actorId, name, ip } = actor ?? {};
  const cells = [String(id), time, eventType, actorId, name, ip, repository, digest, JSON.stringify(details)];
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text = ''): string {
  // In locales with decimal commas, spreadsheets also split cells at semicolons.
  const plain = text.replaceAll(/(^|;)(?=[=+\-@\t\r])/g, "$1'");
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
