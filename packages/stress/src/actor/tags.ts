import type { AuditEventType } from '@mcr/core';
import { withoutTags } from '../model/repository.ts';
import { type Client, change } from './client.ts';

/** Deletes tags that are there by a plan, and with them, unless they are to be kept, manifests that lose their last tag. */
export async function deleteTags(client: Client, tags: readonly string[], keepManifests: boolean): Promise<void> {
  const { ledger, world, rpc } = client;
  const before = ledger.now;
  const after = withoutTags(before, tags, keepManifests);
  const deletion = { repository: ledger.repository, tags, keepManifests };
  const planned = await world.request('reading', () => rpc('RegistryService/PlanTagDeletion', deletion));
  if (!world.expect('planning a deletion of tags', planned, 200)) return;
  const deleted = [...before.manifests.keys()].filter((digest) => !after.manifests.has(digest));
  const events: AuditEventType[] = [
    ...tags.map(() => 'tag_deleted' as const),
    ...deleted.map(() => 'manifest_deleted' as const),
  ];
  const planId: string = planned.json().plan.id;
  const deleting = { phase: 'deleting', events, acknowledgment: 200 } as const;
  const settle = ledger.attempt(() => after);
  const response = await world.deletions.run(ledger.repository, deleted, () =>
    change(client, deleting, settle, () => rpc('RegistryService/DeleteTags', { ...deletion, planId })),
  );
  world.expect('deleting tags', response, 200);
}
