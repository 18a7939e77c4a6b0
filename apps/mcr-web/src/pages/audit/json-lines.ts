import { toJson } from '@mcr/rpc';
import { AuditEventSchema } from '@mcr/rpc/mcr/v1/audit_pb';
import type { ExportFormat } from './export.ts';

/** For programs: one object a line, as `mcrctl audit list --json` prints it and the REST API returns it. */
export const jsonLines: ExportFormat = {
  file: 'audit.jsonl',
  type: 'application/jsonl; charset=utf-8',
  head: '',
  line: (event) => `${JSON.stringify(toJson(AuditEventSchema, event))}\n`,
};
