import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { expect } from 'vitest';
import { rpcCall } from '../_util/outcomes.ts';
import type { Step } from '../admin-api/_step.ts';

const { method } = AuditService;

/** What happened in the steps before. */
export const auditSteps: readonly Step[] = [
  {
    name: 'ask what happened in a day',
    call: rpcCall(method.getActivity, { days: 1 }),
    data: { days: [{ start: expect.any(String) }] },
  },
  {
    name: 'list denials',
    call: rpcCall(method.listAuditEvents, { eventType: 'policy_deny', pageSize: 3 }),
    data: { events: [{ details: { action: 'create snapshot' } }, { details: { action: 'read statistics' } }, {}] },
  },
  {
    name: 'list events of a repository',
    call: rpcCall(method.listAuditEvents, { repository: 'team/tool', eventType: 'repo_deleted' }),
    data: { events: [{ event_type: 'repo_deleted', actor: { name: 'admin', ip: '127.0.0.1' } }] },
  },
  {
    name: 'list events of no actor in a period',
    call: rpcCall(method.listAuditEvents, {
      actorId: 'who',
      since: { seconds: 1_735_689_600n },
      until: { seconds: 1_798_761_600n },
    }),
    data: { events: [] },
  },
];
