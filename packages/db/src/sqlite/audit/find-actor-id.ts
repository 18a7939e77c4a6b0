import { eq, sql } from 'drizzle-orm';
import type { AuditLog } from '../../facets/audit.ts';
import type { Operation } from '../operation.ts';
import { actorNames } from '../schema/index.ts';

export const findActorId: Operation<AuditLog['findActorId']> = ({ db }) => {
  const statement = db
    .select({ id: actorNames.id })
    .from(actorNames)
    .where(eq(actorNames.name, sql.placeholder('name')))
    .prepare();
  return (name) => statement.get({ name })?.id;
};
