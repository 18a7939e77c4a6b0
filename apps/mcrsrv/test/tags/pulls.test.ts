import type { OciClient } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { startTestServer } from '../_util/server.ts';
import { families } from '../_util/transports.ts';

const api = useAdminApi();
let pusher: OciClient;
beforeAll(async () => {
  const { server } = api();
  await server.addAccount('pusher', { type: 'system' });
  await server.addRule({ accountTypes: ['system'], actions: ['registry:push'], repositories: ['team/*'] });
  pusher = server.client('pusher');
});

/** What a list says of the tag, as a caller sees it. */
const detailsOf = async (repository: string, tag: string, who: 'admin' | 'person' = 'admin') => {
  const { tags } = await api().over('gRPC', who).registry.listTags({ repository, details: true });
  return tags.find(({ name }) => name === tag)?.details;
};
const pullersOf = async (repository: string, tag: string) => {
  const details = await detailsOf(repository, tag);
  return [details?.lastPulledBy, details?.imagePulledBy];
};
const manifest = (repository: string, reference: string) => `/v2/${repository}/manifests/${reference}`;

describe('the last pull', () => {
  test('is a GET by tag, or one by digest, which is of the image alone', async () => {
    const { server } = api();
    const image = await seedImage(server, 'team/pulled', ['v1', 'v2']);
    expect(await detailsOf('team/pulled', 'v1')).not.toHaveProperty('lastPulledAt');
    const person = server.client('person');
    expect((await person.request('GET', manifest('team/pulled', 'v1'))).status).toBe(200);
    await expect.poll(() => pullersOf('team/pulled', 'v1'), pollOptions).toEqual(['person', 'person']);
    expect(await pullersOf('team/pulled', 'v2')).toEqual([undefined, 'person']);
    expect((await server.admin.request('GET', manifest('team/pulled', image.manifest.digest))).status).toBe(200);
    await expect.poll(() => pullersOf('team/pulled', 'v1'), pollOptions).toEqual(['person', 'admin']);
    const { lastPulledBy } = await api()
      .over('gRPC')
      .registry.inspectManifest({ repository: 'team/pulled', reference: 'v2' });
    expect(lastPulledBy).toBe('admin');
  });

  test('is a HEAD by tag of who may pull, and neither one by digest nor one of who may only push', async () => {
    const { server } = api();
    const image = await seedImage(server, 'team/headed', ['v1', 'v2']);
    expect((await pusher.request('HEAD', manifest('team/headed', 'v1'))).status).toBe(200);
    expect((await pusher.request('GET', manifest('team/headed', 'v1'))).status).toBe(403);
    expect((await server.admin.request('HEAD', manifest('team/headed', image.manifest.digest))).status).toBe(200);
    expect((await server.admin.request('HEAD', manifest('team/headed', 'v2'))).status).toBe(200);
    // The last one is written with, or after, whatever was noted before it.
    await expect.poll(() => pullersOf('team/headed', 'v2'), pollOptions).toEqual(['admin', 'admin']);
    expect(await pullersOf('team/headed', 'v1')).toEqual([undefined, 'admin']);
  });

  test.each(families)(
    'is told to admins with the name of the account, and to others without, over %s',
    async (transport) => {
      const { server } = api();
      const repository = `team/names-${transport.toLowerCase()}`;
      await seedImage(server, repository, ['v1']);
      await server.admin.request('GET', manifest(repository, 'v1'));
      await expect.poll(() => pullersOf(repository, 'v1'), pollOptions).toEqual(['admin', 'admin']);
      const { registry } = api().over(transport, 'person');
      const { tags } = await registry.listTags({ repository, details: true });
      const { pushedBy, lastPulledAt, imagePulledAt, ...rest } = tags[0]!.details!;
      expect(pushedBy).toBe('admin');
      for (const time of [lastPulledAt, imagePulledAt]) expect(time?.seconds).toBeGreaterThan(0n);
      for (const field of ['lastPulledBy', 'imagePulledBy']) expect(rest).not.toHaveProperty(field);
      const inspected = await registry.inspectManifest({ repository, reference: 'v1' });
      expect(inspected.lastPulledAt?.seconds).toBeGreaterThan(0n);
      expect(inspected).not.toHaveProperty('lastPulledBy');
    },
  );

  test('is not moved by what people look at, and leaves no event', async () => {
    const { server } = api();
    const repository = 'team/looked';
    await seedImage(server, repository, ['v1', 'v2']);
    await api().over('REST').registry.inspectManifest({ repository, reference: 'v1' });
    await api().over('REST').registry.listTags({ repository, details: true });
    const before = await server.audit();
    await server.admin.request('HEAD', manifest(repository, 'v2'));
    await expect.poll(() => pullersOf(repository, 'v2'), pollOptions).toEqual(['admin', 'admin']);
    expect(await pullersOf(repository, 'v1')).toEqual([undefined, 'admin']);
    expect(await server.audit()).toHaveLength(before.length);
  });

  test('is written when the server ends', async () => {
    const server = await startTestServer();
    await seedImage(server, 'team/app', ['v1']);
    const noted: unknown[] = [];
    const { manifests } = server.context.services.store;
    const original = manifests.notePulls.bind(manifests);
    manifests.notePulls = async (pulls) => {
      noted.push(...pulls);
      await original(pulls);
    };
    await server.admin.request('GET', manifest('team/app', 'v1'));
    await server[Symbol.asyncDispose]();
    expect(noted).toMatchObject([{ repository: 'team/app', tag: 'v1', by: 'admin' }]);
  });
});

describe.each(families)('filters of tags over %s', (transport) => {
  const repository = 'team/filtered';
  const names = async (request: object) => {
    const { tags } = await api()
      .over(transport)
      .registry.listTags({ repository, ...request });
    return tags.map(({ name }) => name);
  };

  test('leave what matches all of them', async () => {
    const { server } = api();
    await seedImage(server, repository, ['pr-1', 'pr-2', '1.0']);
    expect(await names({ match: 'pr-*' })).toEqual(['pr-1', 'pr-2']);
    expect(await names({ match: '?.0', sort: 'version' })).toEqual(['1.0']);
    expect(await names({ match: '' })).toHaveLength(3);
    expect(await names({ signed: false })).toHaveLength(3);
    expect(await names({ signed: true })).toEqual([]);
    expect(await names({ updatedBefore: { seconds: 1n, nanos: 0 } })).toEqual([]);
    expect(await names({ updatedBefore: { seconds: 9_999_999_999n, nanos: 0 }, match: 'pr-?' })).toHaveLength(2);
    expect(await names({ platform: 'linux/amd64' })).toHaveLength(3);
    expect(await names({ platform: 'linux/riscv64' })).toEqual([]);
  });

  test.each(['a/b', 'a b', '[a]', '%', 'a\u0000', '*'.repeat(129)])('reject the pattern %j', async (match) => {
    await expect(names({ match })).rejects.toThrow(/match|must/);
  });
});
