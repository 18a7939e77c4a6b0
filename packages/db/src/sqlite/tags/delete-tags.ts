import { RegistryError, type RepositoryName, timeSlices } from '@mcr/core';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { TagDeletion, Tags } from '../../facets/tags.ts';
import { changedPlan } from '../../rejections.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { prepareReviewQueue } from '../gc/review-queue.ts';
import { auditLog } from '../schema/index.ts';
import { type PlannedDeletion, preparePlan } from './plan-tag-deletion.ts';
import { prepareTagRows } from './tag-rows.ts';

export const planTagDeletion: Operation<Tags['planDeletion']> = (connection) => {
  const steps = preparePlan(connection);
  return async (deletion) => {
    const nextStep = timeSlices();
    const planning = steps(deletion);
    for (;;) {
      const { done, value } = planning.next();
      if (done === true) return value.plan;
      await nextStep();
    }
  };
};

export const deleteTags: Operation<Tags['deleteMany']> = (connection) => {
  const steps = preparePlan(connection);
  const wasDone = prepareWasDone(connection);
  const tags = prepareTagRows(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);
  const remove = connection.sqlite.prepare('DELETE FROM manifests WHERE id IN (SELECT d.value FROM json_each(?) d)');

  function planUnlessDone(input: TagDeletion & { readonly plan: string }): PlannedDeletion | undefined {
    try {
      return lastOf(steps(input));
    } catch (error) {
      const isMissing = error instanceof RegistryError && error.code === 'MANIFEST_UNKNOWN';
      if (isMissing && wasDone(input.repository, input.plan)) return undefined;
      throw error;
    }
  }

  return (input) =>
    connection.write(() => {
      const { repository, reviewAfter, now, actor } = input;
      const planned = planUnlessDone(input);
      if (planned === undefined) return undefined;
      const { plan, repositoryId, tagged, manifestIds } = planned;
      if (plan.id !== input.plan) throw changedPlan();
      for (const { name } of plan.tags) tags.remove(repositoryId, name);
      const untagged = tagged.filter((id) => !manifestIds.has(id) && !tags.isTagged(id));
      queue.addBlobsOfManifests(untagged, reviewAfter, 'tag_delete');
      queue.addBlobsOfManifests([...manifestIds], reviewAfter, 'manifest_delete');
      remove.run(JSON.stringify([...manifestIds]));
      const about = { repository, actor, at: now };
      log.append([
        ...plan.tags.map(({ name, digest }) => ({
          ...about,
          type: 'tag_deleted' as const,
          digest,
          details: { tag: name, plan: plan.id },
        })),
        ...plan.manifests.map(({ digest }) => ({ ...about, type: 'manifest_deleted' as const, digest, details: {} })),
      ]);
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

/** Takes all steps at once. */
function lastOf<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
