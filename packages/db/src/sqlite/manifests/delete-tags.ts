import { RegistryError } from '@mcr/core';
import { eq, sql } from 'drizzle-orm';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareReviewQueue } from '../garbage/review-queue.ts';
import type { Operation } from '../operation.ts';
import { manifests } from '../schema/index.ts';
import { preparePlan } from './plan-tag-deletion.ts';
import { prepareTagRows } from './tag-rows.ts';

export const planTagDeletion: Operation<'planTagDeletion'> = (connection) => {
  const plan = preparePlan(connection);
  return (deletion) => plan(deletion).plan;
};

export const deleteTags: Operation<'deleteTags'> = (connection) => {
  const planOf = preparePlan(connection);
  const tags = prepareTagRows(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);
  const remove = connection.db
    .delete(manifests)
    .where(eq(manifests.id, sql.placeholder('id')))
    .prepare();

  return (input) =>
    connection.write(() => {
      const { repository, reviewAfter } = input;
      const { plan, repositoryId, tagged, manifestIds } = planOf(input);
      if (plan.id !== input.plan) {
        throw new RegistryError('CONFLICT', 'What the tags point to has changed since the plan was made; look again');
      }
      for (const { name, digest } of plan.tags) {
        tags.remove(repositoryId, name);
        log.record(input, { type: 'tag_deleted', repository, digest, details: { tag: name } });
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
