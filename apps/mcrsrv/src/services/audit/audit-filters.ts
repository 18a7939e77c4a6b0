import { auditEventTypes } from '@mcr/core';
import * as z from 'zod';

/** What narrows a list of audit events, beside its period. */
export const auditFilters = z.object({
  event_type: z.enum(auditEventTypes).optional(),
  actor: z.string().min(1).max(256).optional(),
  actor_id: z.string().max(128).optional(),
  repository: z.string().max(256).optional(),
});
