import { asc, gte } from 'drizzle-orm';
import type { AuditLog } from '../../facets/audit.ts';
import type { Operation } from '../operation.ts';
import { activity as counts } from '../schema/index.ts';

export const activity: Operation<AuditLog['activity']> =
  ({ db }) =>
  ({ sinceDay }) =>
    db.select().from(counts).where(gte(counts.day, sinceDay)).orderBy(asc(counts.day), asc(counts.type)).all();
