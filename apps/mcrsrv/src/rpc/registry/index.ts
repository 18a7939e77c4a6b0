import type { ServiceImpl } from '@connectrpc/connect';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import type { RpcParts } from '../parts.ts';
import { deleteManifest } from './delete-manifest.ts';
import { deleteRepository } from './delete-repository.ts';
import { deleteTag } from './delete-tag.ts';
import { deleteTags } from './delete-tags.ts';
import { garbageCollect } from './garbage-collect.ts';
import { getGCStatus } from './get-gc-status.ts';
import { getManifest } from './get-manifest.ts';
import { getRepository } from './get-repository.ts';
import { getRepositoryUsage } from './get-repository-usage.ts';
import { inspectManifest } from './inspect-manifest.ts';
import { listGCRuns } from './list-gc-runs.ts';
import { listManifests } from './list-manifests.ts';
import { listRepositories } from './list-repositories.ts';
import { listTags } from './list-tags.ts';
import { planTagDeletion } from './plan-tag-deletion.ts';

/** Every method of the service. */
export function registryService(parts: RpcParts): ServiceImpl<typeof RegistryService> {
  return {
    listRepositories: listRepositories(parts),
    getRepository: getRepository(parts),
    deleteRepository: deleteRepository(parts),
    listTags: listTags(parts),
    deleteTag: deleteTag(parts),
    getRepositoryUsage: getRepositoryUsage(parts),
    planTagDeletion: planTagDeletion(parts),
    deleteTags: deleteTags(parts),
    inspectManifest: inspectManifest(parts),
    listManifests: listManifests(parts),
    getManifest: getManifest(parts),
    deleteManifest: deleteManifest(parts),
    garbageCollect: garbageCollect(parts),
    getGCStatus: getGCStatus(parts),
    listGCRuns: listGCRuns(parts),
  };
}
