import type { ServiceImpl } from '@connectrpc/connect';
import type { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import type { RpcParts } from '../parts.ts';
import { getActivity } from './get-activity.ts';
import { listAuditEvents } from './list-audit-events.ts';

/** Every method of the service. */
export function auditService(parts: RpcParts): ServiceImpl<typeof AuditService> {
  return {
    listAuditEvents: listAuditEvents(parts),
    getActivity: getActivity(parts),
  };
}
