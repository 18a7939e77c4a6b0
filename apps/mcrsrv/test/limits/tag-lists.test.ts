import { blobOf } from '@mcr/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { forgetSummaries } from '../manifests/_lists.ts';

const api = useAdminApi();
afterEach(() => {
  vi.restoreAllMocks();
});

const configOf = (platform: object) => blobOf(JSON.stringify(platform), 'application/vnd.oci.image.config.v1+json');

test('a list of tags of an older version opens a few configs at a time, and none that is large', async () => {
  const { server, rpc } = api();
  const usual = Array.from({ length: 40 }, (_, at) => configOf({ os: 'linux', architecture: `arch${at}` }));
  const large = configOf({ os: 'linux', architecture: 'large', padding: 'x'.repeat(300 * 1024) });
  await pushBlobs(server.admin, 'app', ...usual, large);
  for (const [at, config] of [...usual, large].entries()) {
    expect((await server.admin.pushManifest('app', `v${at}`, imageOf(config))).status).toBe(201);
  }
  await forgetSummaries(server);
  const { blobs } = server.context.services;
  const open = blobs.open.bind(blobs);
  let opening = 0;
  let most = 0;
  const opened = vi.spyOn(blobs, 'open').mockImplementation(async (...input) => {
    opening += 1;
    most = Math.max(most, opening);
    try {
      return await open(...input);
    } finally {
      opening -= 1;
    }
  });
  const { tags } = await rpc('admin').registry.listTags({ repository: 'app', details: true });
  const platforms = tags.flatMap((tag) => tag.details?.platforms ?? []);
  expect(platforms.toSorted()).toEqual(usual.map((_, at) => `linux/arch${at}`).toSorted());
  expect(opened).toHaveBeenCalledTimes(usual.length);
  expect(most).toBeLessThanOrEqual(8);
});

test('many calls at once on many connections open a few configs at a time', async () => {
  const { server, rpc } = api();
  // Smaller ones are read when they are opened.
  const padding = 'x'.repeat(100 * 1024);
  const configs = Array.from({ length: 20 }, (_, at) => configOf({ os: 'linux', architecture: `many${at}`, padding }));
  await pushBlobs(server.admin, 'many', ...configs);
  for (const [at, config] of configs.entries()) await server.admin.pushManifest('many', `v${at}`, imageOf(config));
  const { blobs } = server.context.services;
  const open = blobs.open.bind(blobs);
  let opened = 0;
  let most = 0;
  vi.spyOn(blobs, 'open').mockImplementation(async (...input) => {
    const blob = await open(...input);
    opened += 1;
    most = Math.max(most, opened);
    const stream = blob.stream.bind(blob);
    return {
      ...blob,
      size: blob.size,
      pipe: blob.pipe.bind(blob),
      close: blob.close.bind(blob),
      stream: (...span) => stream(...span).pipeThrough(new TransformStream({ flush: () => void (opened -= 1) })),
    };
  });
  const calls = Array.from({ length: 120 }, (_, at) =>
    rpc('admin').registry.inspectManifest({ repository: 'many', reference: `v${at % configs.length}` }),
  );
  await Promise.all(calls);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(16);
});
