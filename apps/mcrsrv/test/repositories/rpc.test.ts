import { Code } from '@connectrpc/connect';
import type { RegistryErrorCode } from '@mcr/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDoors } from '../_util/doors.ts';
import { seedImage } from '../_util/images.ts';
import { expectRefusal, type RpcClients, rpcClients } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';

const doors = useDoors();
const names = ['alone', 'deep/er/est', 'team/app', 'team/tool'];
const person = () => doors().rpc('person').registry;
const admin = () => doors().rpc('admin').registry;
beforeAll(async () => {
  for (const name of names) await seedImage(doors().server, name, ['v1', 'v2']);
  await seedImage(doors().server, 'team/app', ['v3'], 'another');
});

describe('ListRepositories', () => {
  test('gives repositories in numbers, by name', async () => {
    const { repositories, nextPageToken } = await person().listRepositories({});
    expect(repositories.map(({ name }) => name)).toEqual(names);
    expect(repositories[2]).toMatchObject({ tagCount: 3, manifestCount: 2, totalSize: expect.any(BigInt) });
    expect(repositories[2]?.createdAt).toBeDefined();
    expect(repositories[2]?.lastPushAt).toBeDefined();
    expect(nextPageToken).toBe('');
  });

  test.each([1, 2, 3, 1000])('walks all pages of %i', async (pageSize) => {
    const pages = await rpcPages((pageToken) => person().listRepositories({ pageSize, pageToken }));
    expect(pages.flatMap(({ repositories }) => repositories.map(({ name }) => name))).toEqual(names);
    expect(pages).toHaveLength(Math.ceil(names.length / pageSize));
  });

  test('finds parts of names, page by page', async () => {
    const pages = await rpcPages((pageToken) => person().listRepositories({ search: 'team', pageSize: 1, pageToken }));
    expect(pages.map(({ repositories }) => repositories[0]?.name)).toEqual(['team/app', 'team/tool']);
  });

  test('shows each caller what it may pull, however short the pages get', async () => {
    const { server } = doors();
    const subject = await server.addAccount('reader', { type: 'system' });
    await server.addRule({ subject, actions: ['registry:catalog'] });
    await server.addRule({ subject, actions: ['registry:pull'], repositories: ['team/*'] });
    const { token } = await server.client('reader').token();
    const { registry } = rpcClients(server, token);
    const pages = await rpcPages((pageToken) => registry.listRepositories({ pageSize: 1, pageToken }));
    const seen = pages.flatMap(({ repositories }) => repositories.map(({ name }) => name));
    expect(seen).toEqual(['team/app', 'team/tool']);
  });
});

describe('GetRepository, ListTags and ListManifests', () => {
  test('describe a repository', async () => {
    const { repository } = await person().getRepository({ name: 'team/app' });
    expect(repository).toMatchObject({ name: 'team/app', tagCount: 3, manifestCount: 2 });
    const { tags } = await person().listTags({ repository: 'team/app' });
    expect(tags.map(({ name }) => name)).toEqual(['v1', 'v2', 'v3']);
    expect(tags[0]).toMatchObject({ digest: tags[1]?.digest, size: expect.any(BigInt) });
    const { manifests } = await person().listManifests({ repository: 'team/app' });
    expect(new Set(manifests.map(({ digest }) => digest))).toEqual(new Set(tags.map(({ digest }) => digest)));
    expect(manifests[0]).toMatchObject({ artifactType: 'application/vnd.oci.image.config.v1+json' });
    expect(manifests[0]?.subject).toBeUndefined();
  });

  test('walk all pages', async () => {
    const repository = 'team/app';
    const tags = await rpcPages((pageToken) => person().listTags({ repository, pageSize: 1, pageToken }));
    expect(tags.flatMap((page) => page.tags.map(({ name }) => name))).toEqual(['v1', 'v2', 'v3']);
    const manifests = await rpcPages((pageToken) => person().listManifests({ repository, pageSize: 1, pageToken }));
    const { manifests: whole } = await person().listManifests({ repository });
    expect(manifests.flatMap((page) => page.manifests)).toEqual(whole);
  });
});

describe('GetManifest', () => {
  test('gives the bytes as they were pushed, by tag and by digest, and counts as a pull', async () => {
    const image = await seedImage(doors().server, 'team/app', ['v1'], 'team/app');
    for (const reference of ['v1', image.manifest.digest]) {
      const { manifest, content } = await person().getManifest({ repository: 'team/app', reference });
      expect(Buffer.from(content).equals(image.manifest.bytes)).toBe(true);
      expect(manifest).toMatchObject({ digest: image.manifest.digest, size: BigInt(image.manifest.size) });
      expect((await doors().server.audit('manifest_pulled'))[0]).toMatchObject({
        actor: { id: doors().id('person'), name: 'person', ip: '127.0.0.1' },
        repository: 'team/app',
        digest: image.manifest.digest,
        details: { reference },
      });
    }
  });
});

describe('DeleteTag and DeleteRepository', () => {
  test('delete what they name, with an event each', async () => {
    await seedImage(doors().server, 'doomed', ['v1', 'v2']);
    expect(await admin().deleteTag({ repository: 'doomed', tag: 'v2' })).toBeDefined();
    expect((await admin().listTags({ repository: 'doomed' })).tags).toMatchObject([{ name: 'v1' }]);
    expect((await admin().listManifests({ repository: 'doomed' })).manifests).toHaveLength(1);
    await admin().deleteRepository({ name: 'doomed' });
    await expectRefusal(admin().getRepository({ name: 'doomed' }), Code.NotFound, 'NAME_UNKNOWN');
    const types = (await doors().server.audit()).slice(0, 2).map(({ type }) => type);
    expect(types).toEqual(['repo_deleted', 'tag_deleted']);
  });
});

describe('GarbageCollect, GetGCStatus and ListGCRuns', () => {
  test('start, follow and remember a run', async () => {
    const { collector, store } = doors().server.context.services;
    expect(await admin().getGCStatus({})).toMatchObject({ running: false });
    expect((await admin().getGCStatus({})).lastRun).toBeUndefined();
    const { run } = await admin().garbageCollect({ reconcile: true });
    expect(run).toMatchObject({ state: 'running', reconcile: true, trigger: 'api' });
    await collector.finished();
    const { lastRun, currentRun } = await admin().getGCStatus({});
    expect(lastRun).toMatchObject({ id: run?.id, state: 'completed', bytesFreed: 0n, missingFiles: 0 });
    expect(lastRun?.completedAt).toBeDefined();
    expect(currentRun).toBeUndefined();
    await admin().garbageCollect({});
    await collector.finished();
    const pages = await rpcPages((pageToken) => admin().listGCRuns({ pageSize: 1, pageToken }));
    expect(pages.flatMap(({ runs }) => runs.map(({ reconcile }) => reconcile))).toEqual([false, true]);

    const now = Date.now();
    await store.coordination.acquireLease({ name: 'gc', owner: 'another process', until: now + 60_000, now });
    await expectRefusal(admin().garbageCollect({}), Code.AlreadyExists, 'CONFLICT');
    await store.coordination.releaseLease({ name: 'gc', owner: 'another process' });
  });
});

const badNames = ['', 'Team', 'a//b', '/a', 'a/', '../a', 'a b', 'a'.repeat(256)];

describe('what names no repository is refused', () => {
  test.each<[string, (clients: RpcClients['registry'], name: string) => Promise<unknown>]>([
    ['GetRepository', (it, name) => it.getRepository({ name })],
    ['DeleteRepository', (it, name) => it.deleteRepository({ name })],
    ['ListTags', (it, repository) => it.listTags({ repository })],
    ['DeleteTag', (it, repository) => it.deleteTag({ repository, tag: 'v1' })],
    ['ListManifests', (it, repository) => it.listManifests({ repository })],
    ['GetManifest', (it, repository) => it.getManifest({ repository, reference: 'v1' })],
  ])('by %s', async (_name, call) => {
    for (const name of badNames) await expectRefusal(call(admin(), name), Code.InvalidArgument, 'NAME_INVALID');
    await expectRefusal(call(admin(), 'no/such'), Code.NotFound, 'NAME_UNKNOWN');
  });
});

describe('what is malformed or unknown is refused', () => {
  const repository = 'team/app';
  const digest = `sha256:${'0'.repeat(64)}`;
  const gone = Buffer.from('00000000-0000-4000-8000-000000000000').toString('base64url');

  test.each<[string, (it: RpcClients['registry']) => Promise<unknown>, Code, RegistryErrorCode]>([
    ['a tag that is none', (it) => it.deleteTag({ repository, tag: '-x' }), Code.InvalidArgument, 'TAG_INVALID'],
    ['no tag', (it) => it.deleteTag({ repository, tag: '' }), Code.InvalidArgument, 'TAG_INVALID'],
    ['an unknown tag', (it) => it.deleteTag({ repository, tag: 'v9' }), Code.NotFound, 'MANIFEST_UNKNOWN'],
    ['no reference', (it) => it.getManifest({ repository, reference: '' }), Code.InvalidArgument, 'TAG_INVALID'],
    [
      'half a digest',
      (it) => it.getManifest({ repository, reference: 'sha256:0' }),
      Code.InvalidArgument,
      'DIGEST_INVALID',
    ],
    ['an unknown digest', (it) => it.getManifest({ repository, reference: digest }), Code.NotFound, 'MANIFEST_UNKNOWN'],
    ['a negative page', (it) => it.listTags({ repository, pageSize: -1 }), Code.InvalidArgument, 'PARAMETER_INVALID'],
    [
      'a made-up token',
      (it) => it.listTags({ repository, pageToken: 'v1!' }),
      Code.InvalidArgument,
      'PARAMETER_INVALID',
    ],
    ['a token of no run', (it) => it.listGCRuns({ pageToken: gone }), Code.InvalidArgument, 'PARAMETER_INVALID'],
    [
      'a long search',
      (it) => it.listRepositories({ search: 'x'.repeat(256) }),
      Code.InvalidArgument,
      'PARAMETER_INVALID',
    ],
  ])('%s', async (_name, call, code, own) => {
    await expectRefusal(call(admin()), code, own);
  });

  test('with the same answer for a forbidden and an unknown repository', async () => {
    const machine = doors().rpc('machine').registry;
    for (const name of ['team/app', 'no/such']) {
      const message = await expectRefusal(machine.getRepository({ name }), Code.PermissionDenied, 'DENIED');
      expect(message).toBe(`Your account may not do registry:pull in repository ${name}`);
    }
  });
});
