import { RegistryError, type RepositoryName } from '@mcr/core';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { TagDeletion } from '../../insights.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Connection } from '../connection/connection.ts';
import { prepareReviewQueue } from '../garbage/review-queue.ts';
import type { Operation } from '../operation.ts';
import { auditLog, manifests } from '../schema/index.ts';
import { type PlannedDeletion, preparePlan } from './plan-tag-deletion.ts';
import { prepareTagRows } from './tag-rows.ts';

export const planTagDeletion: Operation<'planTagDeletion'> = (connection) => {
  const plan = preparePlan(connection);
  return (deletion) => plan(deletion).plan;
};

export const deleteTags: Operation<'deleteTags'> = (connection) => {
  const planOf = preparePlan(connection);
  const wasDone = prepareWasDone(connection);
  const tags = prepareTagRows(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);
  const remove = connection.db
    .delete(manifests)
    .where(eq(manifests.id, sql.placeholder('id')))
    .prepare();

  function planUnlessDone(input: TagDeletion & { readonly plan: string }): PlannedDeletion | undefined {
    try {
      return planOf(input);
    } catch (error) {
      const isMissing = error instanceof RegistryError && error.code === 'MANIFEST_UNKNOWN';
      if (isMissing && wasDone(input.repository, input.plan)) return undefined;
      throw error;
    }
  }

  return (input) =>
    connection.write(() => {
      const { repository, reviewAfter } = input;
      const planned = planUnlessDone(input);
      if (planned === undefined) return undefined;
      const { plan, repositoryId, tagged, manifestIds } = planned;
      if (plan.id !== input.plan) {
        throw new RegistryError('CONFLICT', 'What the tags point to has changed since the plan was made; look again');
      }
      for (const { name, digest } of plan.tags) {
        tags.remove(repositoryId, name);
        log.record(input, { type: 'tag_deleted', repository, digest, details: { tag: name, plan: plan.id } });
      }
      for (const id of tagged) if (!tags.isTagged(id)) queue.addBlobsOfManifest(id, reviewAfter, 'tag_delete');
      for (const id of manifestIds) {
        queue.addBlobsOfManifest(id, reviewAfter, 'manifest_delete');
        remove.run({ id });
      }
      for (const { digest } of plan.manifests) log.record(input, { type: 'manifest_deleted', repository, digest });
      return plan;
    });
};

/** Two plans of as many tags as one may have: a form that is sent again comes within moments. */
const recentDeletions = 2_000;

/** Whether the log says that this plan was carried out: sent again, it is done and neither a conflict nor missing. */
function prepareWasDone({ db }: Connection): (repository: RepositoryName, plan: string) => boolean {
  const recent = db
    .select({ repository: auditLog.repository, plan: sql<string | null>`${auditLog.details} ->> 'plan'`.as('plan') })
    .from(auditLog)
    .where(eq(auditLog.type, 'tag_deleted'))
    .orderBy(desc(auditLog.id))
    .limit(recentDeletions)
    .as('recent');
  const statement = db
    .select({ plan: recent.plan })
    .from(recent)
    .where(and(eq(recent.repository, sql.placeholder('repository')), eq(recent.plan, sql.placeholder('plan'))))
    .limit(1)
    .prepare();
  return (repository, plan) => statement.get({ repository, plan }) !== undefined;
}
