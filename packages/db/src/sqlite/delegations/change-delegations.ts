import { eq } from 'drizzle-orm';
import { delegationGranted, describeDelegation, tooManyDelegations } from '../../common/delegation-changes.ts';
import type { Delegations } from '../../facets/delegations.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { delegations } from '../schema/index.ts';

export const grantDelegation: Operation<Delegations['grant']> = (connection) => {
  const log = prepareEventLog(connection);
  return (input) => {
    const { delegation, limit, actor, now } = input;
    return connection.write(() => {
      const { db } = connection;
      const held = db.select().from(delegations).where(eq(delegations.accountId, delegation.accountId)).all();
      if (held.some(({ pattern }) => pattern === delegation.pattern)) throw delegationGranted(delegation);
      if (held.length >= limit) throw tooManyDelegations(delegation, limit);
      const by = { grantedBy: actor.id ?? null, grantedByName: actor.name ?? null, grantedAt: now };
      const granted = withoutNulls(
        db
          .insert(delegations)
          .values({ ...delegation, ...by })
          .returning()
          .get(),
      );
      log.record(input, { type: 'delegation_granted', details: describeDelegation(granted) });
      return granted;
    });
  };
};

export const revokeDelegation: Operation<Delegations['revoke']> = (connection) => {
  const log = prepareEventLog(connection);
  return (input) =>
    connection.write(() => {
      const [row] = connection.db.delete(delegations).where(eq(delegations.id, input.id)).returning().all();
      if (row === undefined) return undefined;
      const revoked = withoutNulls(row);
      log.record(input, { type: 'delegation_revoked', details: describeDelegation(revoked) });
      return revoked;
    });
};
