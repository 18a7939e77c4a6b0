import { digestOf } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { rpcCall } from '../_util/outcomes.ts';
import { type Case, items, wrapped } from './_cases.ts';

const { method } = RegistryService;
const repository = 'team/app';
const unknownDigest = digestOf('unknown');

/** What is stored, and the removal of it. `team/app` has the tags v1 and v2 of one image, `team/tool` has v1. */
export const registryCases: readonly Case[] = [
  {
    name: 'list repositories',
    rest: ['GET', '/v1/repositories'],
    rpc: rpcCall(method.listRepositories, {}),
    ...items('repositories'),
    data: [{ name: repository, tag_count: 2, manifest_count: 1 }, { name: 'team/tool' }],
  },
  {
    name: 'list the first repository',
    rest: ['GET', '/v1/repositories?n=1'],
    rpc: rpcCall(method.listRepositories, { pageSize: 1 }),
    ...items('repositories'),
    data: [{ name: repository }],
  },
  {
    name: 'find repositories',
    rest: ['GET', '/v1/repositories?search=too'],
    rpc: rpcCall(method.listRepositories, { search: 'too' }),
    ...items('repositories'),
    data: [{ name: 'team/tool' }],
  },
  {
    name: 'find repositories by too long a text',
    rest: ['GET', `/v1/repositories?search=${'x'.repeat(256)}`],
    rpc: rpcCall(method.listRepositories, { search: 'x'.repeat(256) }),
    refused: 'invalid',
  },
  {
    name: 'list a negative number of repositories',
    rest: ['GET', '/v1/repositories?n=-1'],
    rpc: rpcCall(method.listRepositories, { pageSize: -1 }),
    refused: 'invalid',
  },
  {
    name: 'list repositories without the right to',
    as: 'machine',
    rest: ['GET', '/v1/repositories'],
    rpc: rpcCall(method.listRepositories, {}),
    refused: 'denied',
  },
  {
    name: 'look at a repository',
    as: 'person',
    rest: ['GET', '/v1/repositories/team%2Fapp'],
    rpc: rpcCall(method.getRepository, { name: repository }),
    restView: ({ tags: _tags, manifests: _manifests, ...numbers }) => numbers,
    ...wrapped('repository'),
    data: { name: repository, tag_count: 2 },
  },
  {
    name: 'look at a repository that is not there',
    rest: ['GET', '/v1/repositories/no/such'],
    rpc: rpcCall(method.getRepository, { name: 'no/such' }),
    refused: 'missing',
  },
  {
    name: 'look at what is no repository',
    rest: ['GET', '/v1/repositories/No'],
    rpc: rpcCall(method.getRepository, { name: 'No' }),
    refused: 'invalid',
  },
  {
    name: 'look at a forbidden repository',
    as: 'machine',
    rest: ['GET', '/v1/repositories/team/app'],
    rpc: rpcCall(method.getRepository, { name: repository }),
    refused: 'denied',
  },
  {
    name: 'list tags',
    as: 'person',
    rest: ['GET', '/v1/repositories/team/app/tags'],
    rpc: rpcCall(method.listTags, { repository }),
    restView: ({ tags }) => tags,
    rpcView: ({ tags }) =>
      tags.map(({ total_size: _size, platforms: _platforms, ...tag }: Record<string, unknown>) => tag),
    data: [{ name: 'v1' }, { name: 'v2' }],
  },
  {
    name: 'list tags of a repository that is not there',
    rest: ['GET', '/v1/repositories/no/such/tags'],
    rpc: rpcCall(method.listTags, { repository: 'no/such' }),
    refused: 'missing',
  },
  {
    name: 'list manifests',
    as: 'person',
    rest: ['GET', '/v1/repositories/team/app/manifests'],
    rpc: rpcCall(method.listManifests, { repository }),
    ...items('manifests'),
    data: [{ media_type: 'application/vnd.oci.image.manifest.v1+json' }],
  },
  {
    name: 'list manifests without the right to',
    as: 'machine',
    rest: ['GET', '/v1/repositories/team/app/manifests'],
    rpc: rpcCall(method.listManifests, { repository }),
    refused: 'denied',
  },
  {
    name: 'delete a tag as somebody',
    as: 'person',
    rest: ['DELETE', '/v1/repositories/team/app/tags/v2'],
    rpc: rpcCall(method.deleteTag, { repository, tag: 'v2' }),
    refused: 'denied',
  },
  {
    name: 'delete a tag',
    rest: ['DELETE', '/v1/repositories/team/app/tags/v2'],
    rpc: rpcCall(method.deleteTag, { repository, tag: 'v2' }),
    data: {},
  },
  {
    name: 'delete a tag that is gone',
    rest: ['DELETE', '/v1/repositories/team/app/tags/v2'],
    rpc: rpcCall(method.deleteTag, { repository, tag: 'v2' }),
    refused: 'missing',
  },
  {
    name: 'delete what is no tag',
    rest: ['DELETE', '/v1/repositories/team/app/tags/.v2'],
    rpc: rpcCall(method.deleteTag, { repository, tag: '.v2' }),
    refused: 'invalid',
  },
  {
    name: 'delete a manifest without the admin role',
    as: 'person',
    rest: ['DELETE', `/v1/repositories/team/app/manifests/${unknownDigest}`],
    rpc: rpcCall(method.deleteManifest, { repository, digest: unknownDigest }),
    refused: 'denied',
  },
  {
    name: 'delete a manifest that is not there',
    rest: ['DELETE', `/v1/repositories/team/app/manifests/${unknownDigest}`],
    rpc: rpcCall(method.deleteManifest, { repository, digest: unknownDigest }),
    refused: 'missing',
  },
  {
    name: 'delete a manifest by its tag',
    rest: ['DELETE', '/v1/repositories/team/app/manifests/v1'],
    rpc: rpcCall(method.deleteManifest, { repository, digest: 'v1' }),
    refused: 'invalid',
  },
  {
    name: 'delete a repository as somebody',
    as: 'person',
    rest: ['DELETE', '/v1/repositories/team/tool'],
    rpc: rpcCall(method.deleteRepository, { name: 'team/tool' }),
    refused: 'denied',
  },
  {
    name: 'delete a repository as nobody',
    as: 'nobody',
    rest: ['DELETE', '/v1/repositories/team/tool'],
    rpc: rpcCall(method.deleteRepository, { name: 'team/tool' }),
    refused: 'unauthenticated',
  },
  {
    name: 'delete a repository',
    rest: ['DELETE', '/v1/repositories/team/tool'],
    rpc: rpcCall(method.deleteRepository, { name: 'team/tool' }),
    data: {},
  },
  {
    name: 'delete a repository that is gone',
    rest: ['DELETE', '/v1/repositories/team/tool'],
    rpc: rpcCall(method.deleteRepository, { name: 'team/tool' }),
    refused: 'missing',
  },
  {
    name: 'look at garbage collection before the first run',
    rest: ['GET', '/v1/gc/status'],
    rpc: rpcCall(method.getGCStatus, {}),
    data: { running: false, pending: { blobs: 2 } },
  },
  {
    name: 'collect garbage as somebody',
    as: 'person',
    rest: ['POST', '/v1/gc', {}],
    rpc: rpcCall(method.garbageCollect, {}),
    refused: 'denied',
  },
  {
    name: 'collect garbage',
    rest: ['POST', '/v1/gc', { reconcile: true }],
    rpc: rpcCall(method.garbageCollect, { reconcile: true }),
    rpcView: ({ run }) => ({ id: run.id }),
    data: { id: 'UUID' },
  },
  {
    name: 'look at garbage collection after it',
    rest: ['GET', '/v1/gc/status'],
    rpc: rpcCall(method.getGCStatus, {}),
    data: { running: false, last_run: { state: 'completed', reconcile: true, trigger: 'api' } },
  },
  {
    name: 'list garbage collections',
    rest: ['GET', '/v1/gc/runs'],
    rpc: rpcCall(method.listGCRuns, {}),
    ...items('runs'),
    data: [{ id: 'UUID', state: 'completed' }],
  },
  {
    name: 'list garbage collections before one that never was',
    rest: ['GET', '/v1/gc/runs?before=never'],
    rpc: rpcCall(method.listGCRuns, { pageToken: Buffer.from('never').toString('base64url') }),
    refused: 'invalid',
  },
];
