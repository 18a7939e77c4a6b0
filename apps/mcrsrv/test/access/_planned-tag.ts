import { parseRepositoryName, parseTag } from '@mcr/core';
import type { World } from './_world.ts';

/** A tag that can be deleted, with the plan for it. */
export async function plannedTag(world: World, repository: string) {
  const { tag } = await world.manifest(repository);
  const named = { repository: parseRepositoryName(repository), tags: [parseTag(tag)] };
  const { store } = world.server.context.services;
  const { id } = await store.tags.planDeletion({ ...named, withManifests: true });
  return { ...named, planId: id };
}
