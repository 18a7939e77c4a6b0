import * as z from 'zod';
import { listAuditEvents } from '../../services/audit/list.ts';
import { pageAnswer } from '../page.ts';
import { signedIn } from '../route.ts';
import { auditAnswer, auditQuery } from '../schemas.ts';
import { auditShape } from '../shapes.ts';

const path = '/v1/audit';

export const getAudit = signedIn({
  method: 'GET',
  path,
  access: { admin: 'read audit log' },
  summary: 'Audit events, newest first',
  query: auditQuery,
  answer: { status: 200, description: 'A page', schema: z.array(auditAnswer) },
  handle: async ({ c, services, caller, query }) => {
    const { n, event_type: type, actor, actor_id: actorId, repository, since, until, before, offset } = query;
    const { items, more } = await listAuditEvents(services, caller, {
      limit: n,
      ...(type !== undefined && { type }),
      ...(actor !== undefined && { actor }),
      ...(actorId !== undefined && { actorId }),
      ...(repository !== undefined && { repository }),
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
      ...(before !== undefined && { before }),
      ...(offset !== undefined && { offset }),
    });
    const { offset: _, ...filters } = c.req.query();
    return pageAnswer(items.map(auditShape), more && { path, query: { ...filters, n, before: items.at(-1)?.id } });
  },
});
