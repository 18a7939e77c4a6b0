import { digestOf } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { expect } from 'vitest';
import { rpcCall } from '../_util/outcomes.ts';
import type { Step } from '../admin-api/_step.ts';

const { method } = RegistryService;
const repository = 'team/app';
const unknownDigest = digestOf('unknown');

/** What is stored, and the removal of it. `team/app` has the tags v1 and v2 of one image, `team/tool` has v1. */
export const repositorySteps: readonly Step[] = [
  {
    name: 'list repositories',
    call: rpcCall(method.listRepositories, {}),
    data: { repositories: [{ name: repository, tag_count: 2, manifest_count: 1 }, { name: 'team/tool' }] },
  },
  {
    name: 'list the first repository',
    call: rpcCall(method.listRepositories, { pageSize: 1 }),
    data: { repositories: [{ name: repository }] },
  },
  {
    name: 'find repositories',
    call: rpcCall(method.listRepositories, { search: 'too' }),
    data: { repositories: [{ name: 'team/tool' }] },
  },
  {
    name: 'search',
    call: rpcCall(method.search, { query: 'team/tool:v', limit: 5 }),
    data: {
      hits: [
        { kind: 'repository', repository: 'team/tool' },
        { kind: 'tag', repository: 'team/tool', tag: 'v1' },
      ],
    },
  },
  {
    name: 'look at a repository',
    as: 'person',
    call: rpcCall(method.getRepository, { name: repository }),
    view: ({ repository: only }) => only,
    data: { name: repository, tag_count: 2 },
  },
  {
    name: 'list tags',
    as: 'person',
    call: rpcCall(method.listTags, { repository }),
    view: ({ tags }) =>
      tags.map(({ total_size: _size, platforms: _platforms, ...tag }: Record<string, unknown>) => tag),
    data: [{ name: 'v1' }, { name: 'v2' }],
  },
  {
    name: 'list manifests',
    as: 'person',
    call: rpcCall(method.listManifests, { repository }),
    data: { manifests: [{ media_type: 'application/vnd.oci.image.manifest.v1+json' }] },
  },
  {
    name: 'delete a tag',
    call: rpcCall(method.deleteTag, { repository, tag: 'v2' }),
    data: {},
  },
  {
    name: 'describe a repository',
    call: rpcCall(method.updateRepository, { name: repository, description: 'The shop' }),
    data: { repository: { name: repository, description: 'The shop' } },
  },
  {
    name: 'change nothing of a repository',
    call: rpcCall(method.updateRepository, { name: repository }),
    data: { repository: { description: 'The shop' } },
  },
  {
    name: 'describe a repository in two lines',
    call: rpcCall(method.updateRepository, { name: repository, description: 'The\nshop' }),
    rejected: 'invalid',
  },
  {
    name: 'describe a repository at length',
    call: rpcCall(method.updateRepository, { name: repository, description: 'x'.repeat(501) }),
    rejected: 'invalid',
  },
  {
    name: 'describe a repository that is not there',
    call: rpcCall(method.updateRepository, { name: 'no/such', description: 'The shop' }),
    rejected: 'missing',
  },
  {
    name: 'describe a repository without the admin role',
    as: 'person',
    call: rpcCall(method.updateRepository, { name: repository, description: 'The shop' }),
    rejected: 'denied',
  },
  {
    name: 'take the description of a repository away',
    call: rpcCall(method.updateRepository, { name: repository, description: '' }),
    data: { repository: { name: repository } },
  },
  {
    name: 'ask what a repository takes',
    as: 'person',
    call: rpcCall(method.getRepositoryUsage, { name: repository }),
    data: {},
  },
  {
    name: 'list layers',
    as: 'person',
    call: rpcCall(method.listLayers, { repository }),
    view: ({ layers }) => layers.map(({ images, repositories }: Record<string, unknown>) => ({ images, repositories })),
    data: [
      { images: 1, repositories: 1 },
      { images: 1, repositories: 1 },
    ],
  },
  {
    name: 'read a manifest',
    as: 'person',
    call: rpcCall(method.getManifest, { repository, reference: 'v1' }),
    data: { manifest: { media_type: expect.stringContaining('manifest') } },
  },
  {
    name: 'inspect a manifest',
    as: 'person',
    call: rpcCall(method.inspectManifest, { repository, reference: 'v1' }),
    // Blobs come in the order in which they were pushed, which is another one in each registry.
    view: ({ blobs, ...rest }) => ({ ...rest, blobs: blobs.length }),
    data: { tags: ['v1'], blobs: 2 },
  },
  {
    name: 'inspect a manifest that is not there',
    call: rpcCall(method.inspectManifest, { repository, reference: unknownDigest }),
    rejected: 'missing',
  },
  {
    name: 'read a blob that is not there',
    call: rpcCall(method.readBlob, { repository, digest: unknownDigest }),
    rejected: 'missing',
  },
  {
    name: 'read a blob from before its beginning',
    call: rpcCall(method.readBlob, { repository, digest: unknownDigest, start: -1n }),
    rejected: 'invalid',
  },
  {
    name: 'plan the deletion of a tag',
    call: rpcCall(method.planTagDeletion, { repository, tags: ['v1'], keepManifests: true }),
    data: { plan: { tags: [{ name: 'v1' }], manifests: [] } },
  },
  {
    name: 'delete tags by another plan',
    call: rpcCall(method.deleteTags, { repository, tags: ['v1'], planId: 'other' }),
    rejected: 'conflict',
  },
  {
    name: 'delete a manifest without the admin role',
    as: 'person',
    call: rpcCall(method.deleteManifest, { repository, digest: unknownDigest }),
    rejected: 'denied',
  },
  {
    name: 'delete a manifest that is not there',
    call: rpcCall(method.deleteManifest, { repository, digest: unknownDigest }),
    rejected: 'missing',
  },
  {
    name: 'delete a manifest by its tag',
    call: rpcCall(method.deleteManifest, { repository, digest: 'v1' }),
    rejected: 'invalid',
  },
  {
    name: 'delete a repository anonymously',
    as: 'anonymous',
    call: rpcCall(method.deleteRepository, { name: 'team/tool' }),
    rejected: 'unauthenticated',
  },
  {
    name: 'delete a repository',
    call: rpcCall(method.deleteRepository, { name: 'team/tool' }),
    data: {},
  },
];
