import { Code } from '@connectrpc/connect';
import { digestOf, parseRepositoryName, parseTag, type Tag } from '@mcr/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import { expectRejection } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';
import { families } from '../_util/transports.ts';

const api = useAdminApi();
const versions = ['1.9', '1.10', '2.0.0-rc.1', '2.0.0'];
beforeAll(() => seedImage(api().server, 'team/versions', versions.toReversed()));

describe.each(families)('tags over %s', (transport) => {
  const registry = () => api().over(transport).registry;

  test.each([false, true])('come in pages by version (details: %j)', async (details) => {
    const request = { repository: 'team/versions', sort: 'version', details, pageSize: 3 };
    const pages = await rpcPages((pageToken) => registry().listTags({ ...request, pageToken }));
    expect(pages.flatMap(({ tags }) => tags.map(({ name }) => name))).toEqual(versions);
  });

  test('come in pages by image, the newest version first', async () => {
    const repository = `team/images-${transport.toLowerCase()}`;
    await seedImage(api().server, repository, ['latest', '1.10', '1.9'], 'one');
    await seedImage(api().server, repository, ['2.0', '1.8.7'], 'two');
    const request = { repository, sort: 'newest_version', pageSize: 1 };
    const names = async (tagsPerImage?: number) => {
      const pages = await rpcPages((pageToken) =>
        registry().listTags({ ...request, pageToken, ...(tagsPerImage && { tagsPerImage }) }),
      );
      return pages.map(({ tags }) => tags.map(({ name, details }) => `${name} of ${details?.imageTags}`).join(', '));
    };
    expect(await names()).toEqual(['2.0 of 2', '1.8.7 of 2', '1.10 of 3', '1.9 of 3', 'latest of 3']);
    expect(await names(2)).toEqual(['2.0 of 2, 1.8.7 of 2', '1.10 of 3, 1.9 of 3']);
    expect(await names(1)).toEqual(['2.0 of 2', '1.10 of 3']);
  });

  test('are found in upper and lower case', async () => {
    const { tags } = await registry().listTags({ repository: 'team/versions', search: 'RC' });
    expect(tags.map(({ name }) => name)).toEqual(['2.0.0-rc.1']);
  });

  test('are counted where that is asked for, those of all pages', async () => {
    const request = { repository: 'team/versions', match: '*.*', countMatches: true, pageSize: 1 };
    const first = await registry().listTags(request);
    expect(first.matches).toMatchObject({ count: 4, hasMore: false });
    const second = await registry().listTags({ ...request, pageToken: first.nextPageToken });
    expect(second).toMatchObject({ tags: [{ name: '1.9' }], matches: { count: 4 } });
    expect((await registry().listTags({ ...request, match: 'x*' })).matches).toMatchObject({ count: 0 });
    expect((await registry().listTags({ ...request, match: '' })).matches).toMatchObject({ count: 4 });
    expect((await registry().listTags({ ...request, countMatches: false })).matches).toBeUndefined();
  });
});

test('tags are counted to a thousand', async () => {
  const { server, rpc } = api();
  await seedImage(server, 'team/many', ['first']);
  const names = Array.from({ length: 1_000 }, (_, at) => parseTag(`v${at}`));
  const { manifests } = server.context.services.store;
  const repository = parseRepositoryName('team/many');
  const push = (tags: readonly Tag[]) =>
    manifests.push({
      repository,
      digest: digestOf('{}'),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      content: Buffer.from('{}'),
      blobs: [],
      optionalBlobs: [],
      children: [],
      tags,
      actor: { id: 'ada', name: 'ada' },
      now: 0,
      reviewAfter: 0,
    });
  const count = async () =>
    (await rpc('admin').registry.listTags({ repository, pageSize: 1, countMatches: true })).matches;
  await push(names.slice(1));
  expect(await count()).toMatchObject({ count: 1_000, hasMore: false });
  await push(names);
  expect(await count()).toMatchObject({ count: 1_000, hasMore: true });
});

describe.each(families)('PlanTagDeletion and DeleteTags over %s', (transport) => {
  const repository = 'team/app';
  const registry = () => api().over(transport).registry;
  const push = (tags: string[]) => seedImage(api().server, repository, tags);

  test('delete what the plan says, and reject a plan that does not hold any more', async () => {
    await push(['v1', 'v2', 'v3']);
    const tags = ['v1', 'v2'];
    const { plan } = await registry().planTagDeletion({ repository, tags });
    await registry().deleteTag({ repository, tag: 'v3' });
    const stale = { repository, tags, planId: plan!.id };
    await expectRejection(registry().deleteTags(stale), Code.AlreadyExists, 'CONFLICT');
    const { plan: anew } = await registry().planTagDeletion({ repository, tags });
    await registry().deleteTags({ repository, tags, planId: anew!.id });
    expect((await registry().listTags({ repository })).tags).toEqual([]);
    expect((await registry().listManifests({ repository })).manifests).toEqual([]);
  });

  test('are done when the same plan is sent again', async () => {
    await push(['v1']);
    const deletion = { repository, tags: ['v1'] };
    const { plan } = await registry().planTagDeletion(deletion);
    const done = { ...deletion, planId: plan!.id };
    expect((await registry().deleteTags(done)).plan).toMatchObject({ id: plan!.id });
    expect((await registry().deleteTags(done)).plan).toBeUndefined();
    const other = { ...done, planId: 'another' };
    await expectRejection(registry().deleteTags(other), Code.NotFound, 'MANIFEST_UNKNOWN');
  });

  test('keep the manifests when they are told to', async () => {
    const image = await push(['v1']);
    const deletion = { repository, tags: ['v1'], keepManifests: true };
    const { plan } = await registry().planTagDeletion(deletion);
    await registry().deleteTags({ ...deletion, planId: plan!.id });
    expect((await registry().listTags({ repository })).tags).toEqual([]);
    expect((await registry().listManifests({ repository })).manifests).toHaveLength(1);
    await registry().deleteManifest({ repository, digest: image.manifest.digest });
  });

  test.each<[string, string[], Parameters<typeof expectRejection>[2]]>([
    ['no tag', [], 'PARAMETER_INVALID'],
    ['too many tags', Array.from({ length: 1_001 }, (_, at) => `v${at}`), 'PARAMETER_INVALID'],
    ['what is no tag', ['-'], 'TAG_INVALID'],
  ])('reject %s', async (_what, tags, code) => {
    await expectRejection(registry().planTagDeletion({ repository, tags }), Code.InvalidArgument, code);
    await expectRejection(registry().deleteTags({ repository, tags, planId: 'x' }), Code.InvalidArgument, code);
  });

  test('reject a tag that is not there', async () => {
    const missing = registry().planTagDeletion({ repository, tags: ['nothing'] });
    await expectRejection(missing, Code.NotFound, 'MANIFEST_UNKNOWN');
  });
});
