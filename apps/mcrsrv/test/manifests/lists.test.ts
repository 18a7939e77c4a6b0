import { rm, truncate } from 'node:fs/promises';
import { digestOf } from '@mcr/core';
import { blobOf } from '@mcr/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { imageOf, indexOf, pushBlobs } from '../_util/manifests.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import { fileOf } from '../fsck/_fsck.ts';
import { configOf, forgetSummaries, listsOf, seed } from './_lists.ts';

const api = useAdminApi();
afterEach(() => {
  vi.restoreAllMocks();
});

const platformsOf = async (repository: string) => {
  const { tags } = await api().rpc('admin').registry.listTags({ repository, details: true });
  return tags.map(({ name, details }) => [name, ...(details?.platforms ?? [])]);
};

test('lists open no blob and read no content of a manifest, and need neither any more', async () => {
  const { server } = api();
  const seeded = await seed(api().server, 'columns', 4);
  const { blobs, store } = server.context.services;
  const opened = vi.spyOn(blobs, 'open');
  const reads = [vi.spyOn(store.manifests, 'listReferrers'), vi.spyOn(store.tags, 'listDetails')];
  const inspect = vi.spyOn(store.manifests, 'inspect');
  const before = await listsOf(api().server, seeded);
  expect(before[0]).toContain('"annotations":{"10":"ten","b":"\\"3\\" ü\\u0000","a":""}');
  expect(before[2]).toContain('linux/columns3/v8');
  expect(opened).not.toHaveBeenCalled();
  const listed = [
    ...(await Promise.all(reads.flatMap(({ mock }) => mock.results.map((result) => result.value)))).flat(),
    ...(await inspect.mock.results[0]!.value).referrers,
  ];
  expect(listed.length).toBeGreaterThan(12);
  for (const row of listed) expect(row).not.toHaveProperty('content');

  // Whatever a list still read of these, it would not be what it says.
  const digests = seeded.images.map(({ digest }) => `'${digest}'`).join(', ');
  await sqlFromOutside(server, `UPDATE manifests SET content = x'00' WHERE digest IN (${digests})`);
  for (const { digest } of seeded.configs) await rm(fileOf(server, digest));
  expect(await listsOf(api().server, seeded)).toEqual(before);
});

test('lists say the same of manifests that an older version has left', async () => {
  const seeded = await seed(api().server, 'older', 3);
  const before = await listsOf(api().server, seeded);
  await forgetSummaries(api().server);
  expect(await listsOf(api().server, seeded)).toEqual(before);
});

test('annotations of any size and name come back as they were pushed, byte for byte', async () => {
  const { server } = api();
  const subject = digestOf('subject of many annotations');
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`org.example.${at}`, `${at} 😀 \u2028`]));
  const descriptor = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: subject, size: 1 };
  for (const annotations of [many, { constructor: 'x', toString: '', 2: 'b', 1: 'a' }, {}]) {
    const manifest = indexOf([], { subject: descriptor, annotations });
    expect((await server.admin.pushManifest('large', manifest.digest, manifest)).status).toBe(201);
  }
  const list = async () => (await server.admin.referrers('large', subject)).text();
  const kept = await list();
  expect(kept.length).toBeGreaterThan(500_000);
  await forgetSummaries(api().server);
  expect(await list()).toBe(kept);
});

test('a config that is too large or says nothing has no platform, which is known from the push on', async () => {
  const { server } = api();
  const configs = {
    large: configOf({ os: 'linux', architecture: 'large', padding: 'x'.repeat(300 * 1024) }),
    none: configOf({}),
    text: blobOf('no JSON', 'application/vnd.example.config'),
  };
  await pushBlobs(server.admin, 'silent', ...Object.values(configs));
  for (const [tag, config] of Object.entries(configs)) {
    expect((await server.admin.pushManifest('silent', tag, imageOf(config))).status).toBe(201);
  }
  const opened = vi.spyOn(server.context.services.blobs, 'open');
  expect(await platformsOf('silent')).toEqual([['large'], ['none'], ['text']]);
  expect(opened).not.toHaveBeenCalled();
});

test('a config that the disk fails to read does not keep a manifest out, and its platform is shown once it is readable', async () => {
  const { server } = api();
  const config = configOf({ os: 'linux', architecture: 'later' });
  await pushBlobs(server.admin, 'later', config);
  const opened = vi.spyOn(server.context.services.blobs, 'open').mockRejectedValue(new Error('too many open files'));
  expect((await server.admin.pushManifest('later', 'v1', imageOf(config))).status).toBe(201);
  expect(opened).toHaveBeenCalledTimes(1);
  opened.mockRestore();
  expect(await platformsOf('later')).toEqual([['v1', 'linux/later']]);
});

test('a config whose bits have flipped says nothing, and one that is cut short is asked for again', async () => {
  const { server } = api();
  const [flipped, cut] = ['flipped', 'cut'].map((architecture) => configOf({ os: 'linux', architecture }));
  await pushBlobs(server.admin, 'damaged', flipped!, cut!);
  const { blobs } = server.context.services;
  const open = blobs.open.bind(blobs);
  const other = new Response(JSON.stringify({ os: 'linux', architecture: 'flopped' }));
  vi.spyOn(blobs, 'open').mockImplementationOnce(async (...input) => {
    const blob = await open(...input);
    await blob.close();
    return { ...blob, stream: () => other.body! };
  });
  expect((await server.admin.pushManifest('damaged', 'v1', imageOf(flipped!))).status).toBe(201);
  expect(await platformsOf('damaged')).toEqual([['v1', 'linux/flipped']]);

  await truncate(fileOf(server, cut!.digest), 3);
  expect((await server.admin.pushManifest('damaged', 'v2', imageOf(cut!))).status).toBe(400);
  await pushBlobs(server.admin, 'damaged', cut!);
  expect((await server.admin.pushManifest('damaged', 'v2', imageOf(cut!))).status).toBe(201);
  expect(await platformsOf('damaged')).toContainEqual(['v2', 'linux/cut']);
});
