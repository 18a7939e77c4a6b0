import { digestOf, parseTag } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import {
  ada,
  app,
  change,
  day,
  hour,
  lastEvent,
  latest,
  manifest,
  other,
  publish,
  push,
  rule,
  start,
} from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const v1 = parseTag('v1');
const index = 'application/vnd.oci.image.index.v1+json';
const byTag = { kind: 'tag', tag: latest } as const;

export function manifestContract(current: CurrentStore): void {
  describe('manifests', () => {
    test('a pushed manifest comes back byte for byte, by digest and by tag', async () => {
      const { store } = current;
      const content = new Uint8Array([0x7b, 0x00, 0xff, 0xfe, 0x7d]);
      const digest = digestOf(content, 'sha512');
      const subject = digestOf('subject');
      const input = manifest(app, '', { digest, content, artifactType: 'text/x', subject, tags: [latest] });
      expect(await store.manifests.push(input)).toEqual({ created: true });

      const record = { digest, mediaType: input.mediaType, size: 5, artifactType: 'text/x', subject, createdAt: start };
      for (const reference of [byTag, { kind: 'digest', digest } as const]) {
        const { content: bytes, ...rest } = await store.manifests.get(app, reference);
        expect(Buffer.from(bytes).equals(content)).toBe(true);
        expect(rest).toEqual(record);
        expect(await store.manifests.stat(app, reference)).toEqual(record);
      }
    });

    test('a stamp is what the manifest and the versions are, for each of many that are asked for at once', async () => {
      const { store } = current;
      const one = await push(store, app, 'one', { tags: [latest] });
      const two = await push(store, other, 'two', { tags: [latest] });
      const { mediaType } = manifest(app, 'one');
      const versions = await store.coordination.versions();
      const stamps = [
        store.manifests.stamp(app, byTag),
        store.manifests.stamp(app, { kind: 'digest', digest: one }),
        store.manifests.stamp(other, byTag),
        store.manifests.stamp(app, byTag),
        store.manifests.stamp(app, { kind: 'digest', digest: two }).catch(() => 'none'),
      ];
      const ofOne = { ...versions, digest: one, mediaType };
      expect(await Promise.all(stamps)).toEqual([ofOne, ofOne, { ...ofOne, digest: two }, ofOne, 'none']);
    });

    test.each<[string, () => Promise<unknown>]>([
      ['its tag moves', () => push(current.store, app, 'two', { tags: [latest] })],
      [
        'it comes back with another media type',
        async () => {
          const { store } = current;
          await store.manifests.delete({
            ...change,
            repository: app,
            digest: digestOf('one'),
            reviewAfter: start + day,
          });
          await push(store, app, 'one', { mediaType: index, tags: [latest] });
        },
      ],
      ['a rule is made', () => current.store.policy.createRule({ ...change, rule: rule() })],
      [
        'a token is revoked',
        () => current.store.accounts.revokeToken({ tokenId: 'x', expiresAt: start + hour, now: start }),
      ],
    ])('a stamp is another one once %s', async (_, run) => {
      const { store } = current;
      await push(store, app, 'one', { tags: [latest] });
      const before = await store.manifests.stamp(app, byTag);
      await run();
      expect(await store.manifests.stamp(app, byTag)).not.toEqual(before);
    });

    test('there is no stamp of what was deleted', async () => {
      const { store } = current;
      const digest = await push(store, app, 'one', { tags: [latest] });
      await store.manifests.delete({ ...change, repository: app, digest, reviewAfter: start + day });
      await expect(store.manifests.stamp(app, byTag)).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });
      await store.repositories.delete({ ...change, repository: app, reviewAfter: start + day });
      await expect(store.manifests.stamp(app, byTag)).rejects.toMatchObject({
        code: expect.stringMatching(/UNKNOWN$/),
      });
    });

    test('what a manifest does not have is absent from its record', async () => {
      const { store } = current;
      const digest = await push(store, app, 'manifest');
      const record = await store.manifests.stat(app, { kind: 'digest', digest });
      expect(Object.keys(record).toSorted()).toEqual(['createdAt', 'digest', 'mediaType', 'size']);
    });

    test('an unknown repository is NAME_UNKNOWN, an unknown reference MANIFEST_UNKNOWN', async () => {
      const { store } = current;
      const references = [byTag, { kind: 'digest', digest: digestOf('unknown') } as const];
      for (const reference of references) {
        await expect(store.manifests.get(app, reference)).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      }
      await push(store, app, 'manifest');
      await push(store, other, 'unknown', { tags: [latest] });
      for (const reference of references) {
        await expect(store.manifests.get(app, reference)).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });
        await expect(store.manifests.stat(app, reference)).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });
      }
    });

    test('a push writes manifest_pushed with tags, media type and size', async () => {
      const { store } = current;
      const digest = await push(store, app, 'manifest', { tags: [latest, parseTag('v1')] });
      const { mediaType } = manifest(app, 'manifest');
      expect(await lastEvent(store)).toEqual({
        type: 'manifest_pushed',
        repository: app,
        digest,
        details: { tag: 'latest,v1', media_type: mediaType, size: '8' },
      });
      const [event] = await store.audit.list({ limit: 1 });
      expect(event).toMatchObject({ at: start, actor: ada });
    });

    test('missing blobs are all named, and a rejected push leaves nothing behind', async () => {
      const { store } = current;
      await publish(store, other, 'elsewhere');
      const missing = ['elsewhere', 'nowhere'].map((text) => digestOf(text));
      const pushed = push(store, app, 'manifest', { blobs: missing, tags: [latest] });
      await expect(pushed).rejects.toMatchObject({
        code: 'MANIFEST_BLOB_UNKNOWN',
        detail: missing.map((digest) => ({ digest })),
      });
      expect(await store.repositories.list({ limit: 10 })).toEqual([other]);
      expect(await store.statistics()).toMatchObject({ manifests: 0, tags: 0 });
      expect(await lastEvent(store)).toMatchObject({ type: 'blob_uploaded' });
    });

    test('a blob whose lease has expired is missing', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      const pushed = push(store, app, 'manifest', { blobs: [digest], now: start + hour });
      await expect(pushed).rejects.toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN', detail: [{ digest }] });
    });

    test('optional blobs are referenced where they are in the repository, and not missed where they are not', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'foreign layer');
      await push(store, app, 'manifest', { optionalBlobs: [digest, digestOf('never pushed')] });
      expect(await store.blobs.find(app, digest, start + day)).toBeDefined();
    });

    test('a manifest may name a blob twice, and children that were never pushed', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      const child = digestOf('absent child');
      await push(store, app, 'manifest', {
        blobs: [digest, digest],
        optionalBlobs: [digest],
        children: [child, child],
      });
      expect(await store.repositories.getSummary(app)).toMatchObject({ manifestCount: 1, totalSize: 8 + 5 });
    });

    test('pushing again is idempotent, keeps the media type and restores references that were deleted', async () => {
      const { store } = current;
      const { digest } = await publish(store, app, 'layer');
      const input = manifest(app, 'manifest', { blobs: [digest], tags: [latest] });
      await store.manifests.push(input);
      await store.blobs.delete({ ...change, repository: app, digest, reviewAfter: start + day });
      await publish(store, app, 'layer');
      expect(await store.manifests.push({ ...input, mediaType: 'text/html', now: start + 1 })).toEqual({
        created: false,
      });
      expect(await store.manifests.stat(app, byTag)).toMatchObject({ mediaType: input.mediaType, createdAt: start });
      expect(await store.blobs.find(app, digest, start + day)).toBeDefined();
      expect(await store.statistics()).toMatchObject({ manifests: 1, tags: 1 });
    });

    test('the same manifest in two repositories is two manifests', async () => {
      const { store } = current;
      const digest = await push(store, app, 'manifest');
      await push(store, other, 'manifest');
      await store.manifests.delete({ ...change, repository: app, digest, reviewAfter: start });
      expect(await store.manifests.stat(other, { kind: 'digest', digest })).toMatchObject({ digest });
    });
  });

  describe('delete', () => {
    const remove = { ...change, repository: app, reviewAfter: start + hour };

    test('takes its tags along and leaves other tags', async () => {
      const { store } = current;
      const digest = await push(store, app, 'one', { tags: [latest, parseTag('v1')] });
      await push(store, app, 'two', { tags: [parseTag('v2')] });
      await store.manifests.delete({ ...remove, digest });
      expect(await store.tags.list(app, { limit: 10 })).toEqual(['v2']);
      await expect(store.manifests.get(app, byTag)).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });
      expect(await lastEvent(store)).toEqual({
        type: 'manifest_deleted',
        repository: app,
        digest,
        details: { tag: 'latest,v1' },
      });
    });

    test('rejects unknown repositories and manifests', async () => {
      const { store } = current;
      const digest = digestOf('unknown');
      await expect(store.manifests.delete({ ...remove, digest })).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await push(store, app, 'manifest');
      await expect(store.manifests.delete({ ...remove, digest })).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });
    });
  });

  describe('referrers', () => {
    test('are the manifests of the repository with that subject, filtered by exact artifact type', async () => {
      const { store } = current;
      const subject = digestOf('image');
      const signature = await push(store, app, 'signature', { subject, artifactType: 'application/sig' });
      const sbom = await push(store, app, 'sbom', { subject, artifactType: 'application/sbom' });
      await push(store, app, 'unrelated', { subject: digestOf('other image') });
      await push(store, other, 'elsewhere', { subject });

      const list = async (artifactType?: string) =>
        (await store.manifests.listReferrers(app, subject, { limit: 10, ...(artifactType && { artifactType }) })).map(
          ({ digest }) => digest,
        );
      expect(await list()).toEqual([signature, sbom].toSorted());
      expect(await list('application/sbom')).toEqual([sbom]);
      expect(await list('application/s')).toEqual([]);
      const [first] = await store.manifests.listReferrers(app, subject, { limit: 1 });
      expect(Buffer.from(first?.content ?? []).byteLength).toBe(first?.size);
    });

    test('are as many as fit into a number of bytes, and one at least', async () => {
      const { store } = current;
      const subject = digestOf('image with large referrers');
      const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100));
      for (const text of texts) await push(store, app, text, { subject });
      const sizes: number[] = [];
      for (const maxBytes of [0, 99, 100, 199, 200, 399, 400, 1_000]) {
        sizes.push((await store.manifests.listReferrers(app, subject, { limit: 10, maxBytes })).length);
      }
      expect(sizes).toEqual([1, 1, 1, 1, 2, 3, 4, 4]);
      const [first, second] = texts.map((text) => digestOf(text)).toSorted();
      const rest = await store.manifests.listReferrers(app, subject, { limit: 10, maxBytes: 100, after: first! });
      expect(rest.map(({ digest }) => digest)).toEqual([second]);
      expect(await store.manifests.listReferrers(app, subject, { limit: 2, maxBytes: 1_000 })).toHaveLength(2);
    });

    test('of an unknown repository are none', async () => {
      expect(await current.store.manifests.listReferrers(app, digestOf('image'), { limit: 10 })).toEqual([]);
    });
  });

  describe('a manifest in detail', () => {
    test('a manifest is shown with tags, children, parents, referrers and where its blobs are', async () => {
      const { store } = current;
      const { digest: blob } = await publish(store, app, 'layer');
      await store.blobs.mount({
        ...change,
        from: app,
        repository: other,
        digest: blob,
        leasedUntil: start + hour,
        reviewAfter: start,
      });
      await push(store, other, 'elsewhere', { blobs: [blob] });
      const image = await push(store, app, 'image', { blobs: [blob] });
      const list = await push(store, app, 'index', { mediaType: index, children: [image], tags: [latest] });
      const signature = await push(store, app, 'signature', { subject: image });
      const seen = await store.manifests.inspect(app, { kind: 'tag', tag: latest });
      expect(seen).toMatchObject({
        manifest: { digest: list },
        totalSize: 5,
        tags: ['latest'],
        children: [{ digest: image, totalSize: 5 }],
        parents: [],
        referrers: [{ digest: signature, subject: image }],
        blobs: [],
      });
      await publish(store, app, 'another layer');
      expect(await store.manifests.inspect(app, { kind: 'digest', digest: image })).toMatchObject({
        totalSize: 5,
        tags: [],
        parents: [list],
        blobs: [{ digest: blob, size: 5, repositories: 2 }],
      });
      await expect(store.manifests.inspect(app, { kind: 'tag', tag: v1 })).rejects.toMatchObject({
        code: 'MANIFEST_UNKNOWN',
      });
    });
  });
}
