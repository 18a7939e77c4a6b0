import { RegistryError } from '@mcr/core';
import type { TagDeletion, Tags } from '../../facets/tags.ts';
import { changedPlan } from '../../rejections.ts';
import { recordEvents } from '../audit/record-event.ts';
import type { Transaction } from '../connection/transaction.ts';
import type { Operation } from '../facet.ts';
import { lockBlobsOf, lockRepository, requireRepository } from '../repositories/repository-ids.ts';
import { type PlannedDeletion, planDeletion } from './plan-tag-deletion.ts';

/** Two plans of as many tags as one may have: a form that is sent again comes within moments. */
const recentDeletions = 2_000;

const removeTags = 'DELETE FROM tags WHERE repository_id = $1 AND name = ANY ($2::text[])';
/** In one statement, so that entries are locked in the order of their blobs. */
const review = `INSERT INTO gc_queue (blob_id, review_after, reason)
  SELECT blob_id, $3, CASE WHEN bool_or(manifest_id = ANY ($1::bigint[])) THEN 'manifest_delete' ELSE 'tag_delete' END
  FROM manifest_blobs WHERE manifest_id = ANY ($1::bigint[]) OR (manifest_id = ANY ($2::bigint[])
    AND NOT EXISTS (SELECT 1 FROM tags t WHERE t.manifest_id = manifest_blobs.manifest_id))
  GROUP BY blob_id ORDER BY blob_id
  ON CONFLICT (blob_id) DO UPDATE
    SET review_after = greatest(gc_queue.review_after, excluded.review_after), reason = excluded.reason`;
const recent = `SELECT 1 FROM (SELECT repository, details ->> 'plan' AS plan FROM audit_log
    WHERE event_type = 'tag_deleted' ORDER BY id DESC LIMIT ${recentDeletions}) r
  WHERE r.repository = $1 AND r.plan = $2 LIMIT 1`;

export const planTagDeletion: Operation<Tags['planDeletion']> = (connection) => {
  return (deletion) =>
    connection.read(async (tx) => {
      const { plan } = await planDeletion(tx, await requireRepository(tx, deletion.repository), deletion);
      return plan;
    });
};

export const deleteTags: Operation<Tags['deleteMany']> = (connection) => {
  return (input) =>
    connection.write(input, async (tx) => {
      const { repository, reviewAfter, now, actor } = input;
      const repositoryId = await lockRepository(tx, repository);
      const planned = await planUnlessDone(tx, repositoryId, input);
      if (planned === undefined) return undefined;
      const { plan, tagged, manifestIds } = planned;
      if (plan.id !== input.plan) throw changedPlan();
      await lockBlobsOf(tx, [...tagged, ...manifestIds]);
      await tx.run(removeTags, [repositoryId, plan.tags.map(({ name }) => name)]);
      await tx.run(review, [manifestIds, tagged, reviewAfter]);
      await tx.run('DELETE FROM manifests WHERE id = ANY ($1::bigint[])', [manifestIds]);
      const about = { repository, actor, at: now };
      await recordEvents(tx, [
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

/** The plan, unless the log says that it was carried out: sent again, it is done and neither a conflict nor missing. */
async function planUnlessDone(
  tx: Transaction,
  repositoryId: number,
  input: TagDeletion & { readonly plan: string },
): Promise<PlannedDeletion | undefined> {
  try {
    return await planDeletion(tx, repositoryId, input);
  } catch (error) {
    const isMissing = error instanceof RegistryError && error.code === 'MANIFEST_UNKNOWN';
    if (isMissing && (await tx.query(recent, [input.repository, input.plan])).length > 0) return undefined;
    throw error;
  }
}
