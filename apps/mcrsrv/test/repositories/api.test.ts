import { Code } from '@connectrpc/connect';
import type { RegistryErrorCode } from '@mcr/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { seedImage } from '../_util/images.ts';
import { clientsOver, expectRejection, type RpcClients } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';
import { families, openTransport } from '../_util/transports.ts';

type Registry = RpcClients['registry'];

const api = useAdminApi();
const names = ['alone', 'deep/er/est', 'team/app', 'team/tool', 'x-1_2.3'];
let reader: string;

beforeAll(async () => {
  const { server } = api();
  for (const name of names) await seedImage(server, name, ['v1', 'v2']);
  await seedImage(server, 'team/app', ['v3'], 'another');
  const subject = await server.addAccount('reader', { type: 'system' });
  await server.addRule({ subject, actions: ['registry:catalog'] });
  await server.addRule({ subject, actions: ['registry:pull'], repositories: ['team/*'] });
  reader = (await server.client('reader').token()).token;
});

describe.each(families)('repositories over %s', (transport) => {
  const person = (): Registry => api().over(transport, 'person').registry;
  const admin = (): Registry => api().over(transport).registry;

  test('are listed in numbers, by name', async () => {
    const { repositories, nextPageToken } = await person().listRepositories({});
    expect(repositories.map(({ name }) => name)).toEqual(names);
    expect(repositories[2]).toMatchObject({ tagCount: 3, manifestCount: 2, totalSize: expect.any(BigInt) });
    expect(repositories[2]?.createdAt).toBeDefined();
    expect(repositories[2]?.lastPushAt).toBeDefined();
    expect(nextPageToken).toBe('');
  });

  test.each([1, 2, 3, 5, 1000])('are listed in pages of %i', async (pageSize) => {
    const pages = await rpcPages((pageToken) => person().listRepositories({ pageSize, pageToken }));
    expect(pages.flatMap(({ repositories }) => repositories.map(({ name }) => name))).toEqual(names);
    expect(pages).toHaveLength(Math.ceil(names.length / pageSize));
  });

  test('are found by parts of names, page by page', async () => {
    for (const search of ['team', 'team/']) {
      const pages = await rpcPages((pageToken) => person().listRepositories({ search, pageSize: 1, pageToken }));
      expect(pages.map(({ repositories }) => repositories[0]?.name)).toEqual(['team/app', 'team/tool']);
    }
    expect((await person().listRepositories({ search: '%' })).repositories).toEqual([]);
  });

  test('are shown to those who may pull from them, however short the pages get', async () => {
    const { registry } = clientsOver(openTransport(transport, api().server, `Bearer ${reader}`));
    const pages = await rpcPages((pageToken) => registry.listRepositories({ pageSize: 1, pageToken }));
    const seen = pages.flatMap(({ repositories }) => repositories.map(({ name }) => name));
    expect(seen).toEqual(['team/app', 'team/tool']);
    for (const name of ['alone', 'no-such']) {
      await expectRejection(registry.getRepository({ name }), Code.PermissionDenied, 'DENIED');
    }
    const machine = api().over(transport, 'machine').registry;
    await expectRejection(machine.listRepositories({}), Code.PermissionDenied, 'DENIED');
  });

  test('get the same message, whether one may not see them or they are not there', async () => {
    const machine = api().over(transport, 'machine').registry;
    for (const name of ['team/app', 'no/such']) {
      const message = await expectRejection(machine.getRepository({ name }), Code.PermissionDenied, 'DENIED');
      expect(message).toBe(`Your account may not do registry:pull in repository ${name}`);
      for (const call of [machine.listTags({ repository: name }), machine.listManifests({ repository: name })]) {
        await expectRejection(call, Code.PermissionDenied, 'DENIED');
      }
    }
  });

  test('are described, with their tags and manifests', async () => {
    const { repository } = await person().getRepository({ name: 'team/app' });
    expect(repository).toMatchObject({ name: 'team/app', tagCount: 3, manifestCount: 2 });
    const { tags } = await person().listTags({ repository: 'team/app' });
    expect(tags.map(({ name }) => name)).toEqual(['v1', 'v2', 'v3']);
    expect(tags[0]).toMatchObject({ digest: tags[1]?.digest, size: expect.any(BigInt) });
    expect(tags[0]?.digest).not.toBe(tags[2]?.digest);
    const { manifests } = await person().listManifests({ repository: 'team/app' });
    expect(manifests).toHaveLength(2);
    expect(new Set(manifests.map(({ digest }) => digest))).toEqual(new Set(tags.map(({ digest }) => digest)));
    expect(manifests[0]).toMatchObject({ artifactType: 'application/vnd.oci.image.config.v1+json' });
    expect(manifests[0]?.subject).toBeUndefined();
    const ownSize = manifests.reduce((sum, { size }) => sum + size, 0n);
    expect(Number(repository!.totalSize)).toBeGreaterThan(Number(ownSize));
  });

  test('have pages of tags and manifests', async () => {
    const repository = 'team/app';
    const tags = await rpcPages((pageToken) => person().listTags({ repository, pageSize: 1, pageToken }));
    expect(tags.flatMap((page) => page.tags.map(({ name }) => name))).toEqual(['v1', 'v2', 'v3']);
    const manifests = await rpcPages((pageToken) => person().listManifests({ repository, pageSize: 1, pageToken }));
    const { manifests: whole } = await person().listManifests({ repository });
    expect(manifests.flatMap((page) => page.manifests)).toEqual(whole);
  });

  test('give manifests as they were pushed, by tag and by digest, which count as pulls', async () => {
    const image = await seedImage(api().server, 'team/app', ['v1'], 'team/app');
    for (const reference of ['v1', image.manifest.digest]) {
      const { manifest, content } = await person().getManifest({ repository: 'team/app', reference });
      expect(Buffer.from(content).equals(image.manifest.bytes)).toBe(true);
      expect(manifest).toMatchObject({ digest: image.manifest.digest, size: BigInt(image.manifest.size) });
      expect((await api().server.audit('manifest_pulled'))[0]).toMatchObject({
        actor: { id: api().id('person'), name: 'person', ip: '127.0.0.1' },
        repository: 'team/app',
        digest: image.manifest.digest,
        details: { reference },
      });
    }
  });

  test('lose a tag, which leaves the manifest, and are deleted with all that is in them, with an event each', async () => {
    const { server } = api();
    const repository = 'doomed/app';
    await seedImage(server, repository, ['v1', 'gone']);
    await expectRejection(person().deleteTag({ repository, tag: 'gone' }), Code.PermissionDenied, 'DENIED');
    await admin().deleteTag({ repository, tag: 'gone' });
    expect((await admin().listTags({ repository })).tags).toMatchObject([{ name: 'v1' }]);
    expect((await admin().listManifests({ repository })).manifests).toHaveLength(1);
    expect((await admin().getRepository({ name: repository })).repository).toMatchObject({
      tagCount: 1,
      manifestCount: 1,
    });
    expect((await server.audit('tag_deleted'))[0]).toMatchObject({ repository, details: { tag: 'gone' } });
    await expectRejection(admin().deleteTag({ repository, tag: 'gone' }), Code.NotFound, 'MANIFEST_UNKNOWN');
    await expectRejection(person().deleteRepository({ name: repository }), Code.PermissionDenied, 'DENIED');
    await admin().deleteRepository({ name: repository });
    for (const call of [
      () => admin().getRepository({ name: repository }),
      () => admin().listTags({ repository }),
      () => admin().listManifests({ repository }),
      () => admin().deleteTag({ repository, tag: 'v1' }),
      () => admin().deleteRepository({ name: repository }),
    ]) {
      await expectRejection(call(), Code.NotFound, 'NAME_UNKNOWN');
    }
    expect((await server.admin.getManifest(repository, 'v1')).status).toBe(404);
    expect((await server.audit('repo_deleted'))[0]).toMatchObject({
      repository,
      actor: { id: api().id('admin'), name: 'admin', ip: '127.0.0.1' },
    });
  });

  const byName: [string, (registry: Registry, name: string) => Promise<unknown>][] = [
    ['GetRepository', (it, name) => it.getRepository({ name })],
    ['DeleteRepository', (it, name) => it.deleteRepository({ name })],
    ['ListTags', (it, repository) => it.listTags({ repository })],
    ['DeleteTag', (it, repository) => it.deleteTag({ repository, tag: 'v1' })],
    ['ListManifests', (it, repository) => it.listManifests({ repository })],
    ['ListLayers', (it, repository) => it.listLayers({ repository })],
    ['GetManifest', (it, repository) => it.getManifest({ repository, reference: 'v1' })],
  ];
  test.each(byName)('have names, which %s insists on', async (_name, call) => {
    for (const name of ['Team', 'a--.b', 'a//b', '/a', 'a/', '../a', 'a b', 'a'.repeat(256)]) {
      await expectRejection(call(admin(), name), Code.InvalidArgument, 'NAME_INVALID');
    }
    // No path has an empty name.
    if (transport !== 'REST') await expectRejection(call(admin(), ''), Code.InvalidArgument, 'NAME_INVALID');
    await expectRejection(call(admin(), 'no/such'), Code.NotFound, 'NAME_UNKNOWN');
  });

  const repository = 'team/app';
  const invalid = Code.InvalidArgument;
  test.each<[string, (it: Registry) => Promise<unknown>, Code, RegistryErrorCode]>([
    ['a tag that is none', (it) => it.deleteTag({ repository, tag: '-x' }), invalid, 'TAG_INVALID'],
    ['an unknown tag', (it) => it.deleteTag({ repository, tag: 'v9' }), Code.NotFound, 'MANIFEST_UNKNOWN'],
    ['half a digest', (it) => it.getManifest({ repository, reference: 'sha256:0' }), invalid, 'DIGEST_INVALID'],
    [
      'an unknown digest',
      (it) => it.getManifest({ repository, reference: `sha256:${'0'.repeat(64)}` }),
      Code.NotFound,
      'MANIFEST_UNKNOWN',
    ],
    ['a negative page', (it) => it.listTags({ repository, pageSize: -1 }), invalid, 'PARAMETER_INVALID'],
    ['a negative page of all', (it) => it.listRepositories({ pageSize: -1 }), invalid, 'PARAMETER_INVALID'],
    ['a long search', (it) => it.listRepositories({ search: 'x'.repeat(256) }), invalid, 'PARAMETER_INVALID'],
  ])('reject %s', async (_name, call, code, own) => {
    await expectRejection(call(admin()), code, own);
    expect((await admin().listTags({ repository })).tags).toHaveLength(3);
  });
});

describe('repositories over gRPC alone', () => {
  const repository = 'team/app';
  const gone = Buffer.from('00000000-0000-4000-8000-000000000000').toString('base64url');

  test.each<[string, (it: Registry) => Promise<unknown>, RegistryErrorCode]>([
    ['no tag', (it) => it.deleteTag({ repository, tag: '' }), 'TAG_INVALID'],
    ['no reference', (it) => it.getManifest({ repository, reference: '' }), 'TAG_INVALID'],
    ['a made-up token', (it) => it.listTags({ repository, pageToken: 'v1!' }), 'PARAMETER_INVALID'],
    ['a token of no run', (it) => it.listGCRuns({ pageToken: gone }), 'PARAMETER_INVALID'],
  ])('reject %s, which REST cannot send', async (_name, call, own) => {
    await expectRejection(call(api().rpc('admin').registry), Code.InvalidArgument, own);
  });
});

describe('repositories over REST alone', () => {
  const rest = () => api().rest('person');
  const encodings = (name: string) => [
    name,
    encodeURIComponent(name),
    encodeURIComponent(name).replaceAll('%2F', '%2f'),
  ];
  const namesOf = (list: { name: string }[]): string[] => list.map(({ name }) => name);

  test('are in a list by that name, or none for n=0', async () => {
    const { body } = await rest().get('/v1/repositories');
    expect(body.repositories[2]).toEqual({
      name: 'team/app',
      tag_count: 3,
      manifest_count: 2,
      total_size: expect.any(Number),
      created_at: expect.stringMatching(/Z$/),
      last_push_at: expect.stringMatching(/Z$/),
    });
    expect((await rest().get('/v1/repositories?n=0')).body).toEqual({ repositories: [] });
  });

  test.each([
    ['a broken n', 'n=1.5'],
    ['a word for n', 'n=x'],
    ['an empty n', 'n='],
    ['an n with an exponent', 'n=1e3'],
    ['n twice', 'n=1&n=2'],
    ['a cursor longer than any name', `last=${'x'.repeat(513)}`],
  ])('reject %s with 400', async (_name, query) => {
    const { status, body } = await rest().get(`/v1/repositories?${query}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { error: expect.stringMatching(/\S/) } });
  });

  test.each(names)('have %s at its path, raw and percent-encoded', async (name) => {
    const raw = await rest().get(`/v1/repositories/${name}`);
    expect(raw).toMatchObject({ status: 200, body: { name, tags: expect.any(Array), manifests: expect.any(Array) } });
    for (const path of encodings(name)) expect((await rest().get(`/v1/repositories/${path}`)).body).toEqual(raw.body);
  });

  test.each(['team%2F', '%2Fteam', 'te%20am', 'a--.b'])('have no path %s', async (name) => {
    expect((await rest().get(`/v1/repositories/${name}`)).status).toBe(400);
  });

  test.each(['team/app', 'team%2Fapp'])('have their lists behind %s', async (name) => {
    const tags = await rest().pages(`/v1/repositories/${name}/tags?n=1`);
    expect(tags.flatMap((page) => namesOf(page.tags))).toEqual(['v1', 'v2', 'v3']);
    expect(tags[0].tags[0]).toEqual({
      name: 'v1',
      digest: expect.stringMatching(/^sha256:/),
      media_type: 'application/vnd.oci.image.manifest.v1+json',
      size: expect.any(Number),
      updated_at: expect.stringMatching(/Z$/),
    });
    const manifests = await rest().pages(`/v1/repositories/${name}/manifests?n=1`);
    const whole = (await rest().get(`/v1/repositories/${name}/manifests`)).body.manifests;
    expect(manifests.flatMap((page) => page.manifests)).toEqual(whole);
    for (const list of ['tags', 'manifests']) {
      expect((await rest().get(`/v1/repositories/${name}/${list}?n=x`)).status).toBe(400);
    }
    const { body } = await rest().get(`/v1/repositories/${name}`);
    expect(namesOf(body.tags)).toEqual(['v1', 'v2', 'v3']);
    expect(body.manifests).toEqual(whole);
    expect(body.total_size).toBeGreaterThan(whole[0].size + whole[1].size);
  });

  test('are reached by their encoded names where a name ends like a resource', async () => {
    await seedImage(api().server, 'odd/tags', ['first', 'second']);
    const pages = await rest().pages('/v1/repositories/odd%2Ftags/tags?n=1');
    expect(pages.map(({ tags }) => tags[0].name)).toEqual(['first', 'second']);
    expect((await rest().get('/v1/repositories/odd%2Ftags')).body).toMatchObject({ name: 'odd/tags' });
    expect((await rest().get('/v1/repositories/odd/tags')).status).toBe(404);
  });

  test.each(['raw/app', 'raw%2Fapp'])('lose a tag and are deleted by the path %s', async (name) => {
    await seedImage(api().server, 'raw/app', ['v1', 'gone']);
    const admin = api().rest('admin');
    for (const path of [`/v1/repositories/${name}/tags/gone`, `/v1/repositories/${name}`]) {
      expect(await admin.delete(path)).toMatchObject({ status: 204, body: undefined });
      expect((await admin.delete(path)).status).toBe(404);
    }
  });
});
