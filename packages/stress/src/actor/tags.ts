import type { AuditEventType } from '@mcr/core';
import { withoutTags } from '../model/repository-state.ts';
import { type Client, changes } from './client.ts';

const request = { phase: 'deleting', acknowledgment: 200 } as const;

/** Deletes tags that are there by a plan, and with them, unless they are to be kept, manifests that lose their last tag. */
export async function deleteTags(client: Client, tags: readonly string[], keepManifests: boolean): Promise<void> {
  const { ledger, world, rpc } = client;
  const before = ledger.state.certain;
  const after = withoutTags(before, tags, keepManifests);
  const deletion = { repository: ledger.repository, tags, keepManifests };
  const planned = await world.request('reading', () => rpc('RegistryService/PlanTagDeletion', deletion));
  if (!world.expect('planning a deletion of tags', planned, 200)) return;
  ledger.state.attempt(after);
  const events: AuditEventType[] = [
    ...tags.map(() => 'tag_deleted' as const),
    ...Array.from({ length: before.manifests.size - after.manifests.size }, () => 'manifest_deleted' as const),
  ];
  const planId: string = planned.json().plan.id;
  const answer = await changes(client, request, events, () =>
    rpc('RegistryService/DeleteTags', { ...deletion, planId }),
  );
  if (world.expect('deleting tags', answer, 200)) ledger.state.accepted();
  else ledger.state.refused();
}
