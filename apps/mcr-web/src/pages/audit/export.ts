import type { AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';
import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { asCaller } from '../../http/session.ts';
import { parseFilter, toRequest } from './filter.ts';

/** A format of the exported log. */
export interface ExportFormat {
  /** Name of the file. */
  readonly file: string;
  /** Media type. */
  readonly type: string;
  /** What stands before the first event. */
  readonly head: string;
  /** An event, with the end of its line. */
  readonly line: (event: AuditEvent) => string;
}

const pageSize = 1_000;

/** `GET /audit.csv`, `GET /audit.jsonl`: all events that match the filter of the URL, read and sent page by page. */
export function exportEvents({ registry }: WebContext, { file, type, head, line }: ExportFormat): Handler<AppEnv> {
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
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${file}"`,
      'Cache-Control': 'no-store',
    });
  };
}
