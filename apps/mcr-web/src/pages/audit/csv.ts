import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';
import type { ExportFormat } from './export.ts';

/** For spreadsheets (RFC 4180). */
export const csv: ExportFormat = {
  file: 'audit.csv',
  type: 'text/csv; charset=utf-8',
  head: 'id,time,type,actor_id,actor_name,ip,repository,digest,details\r\n',
  line,
};

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
