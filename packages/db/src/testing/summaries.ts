import { digestOf } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import type { ManifestSummary, PushManifest } from '../facets/manifests.ts';
import { app, change, day, latest, other, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const summary: ManifestSummary = {
  annotations: { 'org.example.b': 'ü\u0000\ud800', 'org.example.a': '', 7: 'seven' },
  configMediaType: 'application/vnd.oci.image.config.v1+json',
  platforms: ['linux/arm64/v8', 'linux/amd64'],
};
const { platforms: _, ...withoutPlatforms } = summary;
const subject = digestOf('subject');
const page = { limit: 10 };
const whole = { after: 0, limit: 10, maxBytes: 1_000 };

/** Cases about what is kept of manifests for lists. */
export function summaryContract(current: CurrentStore): void {
  const pushImage = (overrides: Partial<PushManifest> = {}) =>
    push(current.store, app, 'image', { subject, tags: [latest], ...overrides });
  /** What lists give of the one image: columns if they are filled in, else content. */
  const listed = async () => {
    const { store } = current;
    const [referrer] = await store.manifests.listReferrers(app, subject, page);
    const [tag] = await store.tags.listDetails(app, page);
    await push(store, app, 'subject');
    const { referrers } = await store.manifests.inspect(app, { kind: 'digest', digest: subject });
    return [referrer, referrers[0], tag];
  };
  const unsummarized = async () => (await current.store.manifests.listUnsummarized(whole)).manifests;

  describe('the summary of a manifest', () => {
    test('is what lists give in place of its content, as it was pushed', async () => {
      const digest = await pushImage({ summary });
      const [referrer, inspected, tag] = await listed();
      expect(referrer).toMatchObject({ digest, annotations: summary.annotations });
      expect(JSON.stringify(referrer)).toContain(JSON.stringify(summary.annotations));
      expect(inspected).toMatchObject({ digest, annotations: summary.annotations });
      expect(tag).toMatchObject({ digest, platforms: summary.platforms });
      for (const row of [referrer, inspected, tag]) expect(row).not.toHaveProperty('content');
      expect(await current.store.inspection.listManifests(page)).toMatchObject([{ digest, summary }, {}]);
    });

    test('is the content where a push said nothing, until it is kept', async () => {
      const { store } = current;
      const digest = await pushImage();
      for (const row of await listed()) {
        expect(Buffer.from(row?.content ?? []).toString()).toBe('image');
        expect(row).not.toHaveProperty('annotations');
        expect(row).not.toHaveProperty('platforms');
      }
      const [image] = await unsummarized();
      expect(image).toMatchObject({ repository: app, digest, content: Buffer.from('image') });
      expect(image).toHaveProperty('mediaType', 'application/vnd.oci.image.manifest.v1+json');
      await store.manifests.keepSummaries([{ id: image!.id, digest, summary }]);
      expect((await listed()).map((row) => row?.content)).toEqual([undefined, undefined, undefined]);
      expect((await unsummarized()).map((row) => row.digest)).toEqual([subject]);
    });

    test('is not complete without platforms, and a push that cannot tell them replaces none', async () => {
      const digest = await pushImage({ summary: withoutPlatforms });
      const [referrer, , tag] = await listed();
      expect(referrer).toMatchObject({ annotations: summary.annotations });
      expect(Buffer.from(tag?.content ?? []).toString()).toBe('image');
      expect((await unsummarized()).map((row) => row.digest)).toContain(digest);
      await pushImage({ summary });
      await pushImage({ summary: withoutPlatforms });
      await pushImage();
      expect((await listed())[2]).toMatchObject({ platforms: summary.platforms });
      expect((await unsummarized()).map((row) => row.digest)).toEqual([subject]);
    });

    test('is kept of the manifest that was read and of no other, and goes with it', async () => {
      const { store } = current;
      const digest = await pushImage();
      const [image] = await unsummarized();
      await store.manifests.keepSummaries([{ id: image!.id, digest: digestOf('another'), summary }]);
      expect(await unsummarized()).toHaveLength(1);
      await store.manifests.delete({ ...change, repository: app, digest, reviewAfter: start + day });
      await store.manifests.keepSummaries([{ id: image!.id, digest, summary }]);
      expect(await unsummarized()).toEqual([]);
      expect(await store.inspection.listDangling(10)).toEqual([]);
    });

    test('is shown of no large manifest in lists for people, and of every one in the list of referrers', async () => {
      const content = Buffer.alloc(64 * 1024 + 1, 'x');
      await pushImage({ summary, content });
      const [referrer, inspected, tag] = await listed();
      expect(referrer).toHaveProperty('annotations', summary.annotations);
      for (const row of [inspected, tag]) {
        for (const field of ['annotations', 'platforms', 'content']) expect(row).not.toHaveProperty(field);
      }
    });

    test('counts by its annotations for a page of referrers that has a limit of bytes', async () => {
      for (const name of ['a', 'b', 'c']) {
        await push(current.store, app, name, { subject, summary: { annotations: { x: 'y'.repeat(100) } } });
      }
      const sizes = [250, 100, 1_000].map(
        async (maxBytes) => (await current.store.manifests.listReferrers(app, subject, { limit: 10, maxBytes })).length,
      );
      expect(await Promise.all(sizes)).toEqual([2, 1, 3]);
    });
  });

  describe('manifests without a complete summary', () => {
    test('come in order, by number and bytes, and the cursor leads past those that stay so', async () => {
      const { store } = current;
      const names = ['first', 'second', 'third', 'fourth'];
      for (const name of names) await push(store, app, name);
      await push(store, app, 'complete', { summary });
      const found: (readonly string[])[] = [];
      for (let after = 0; ; ) {
        const { manifests, next } = await store.manifests.listUnsummarized({ after, limit: 3, maxBytes: 11 });
        if (next === undefined) break;
        found.push(manifests.map(({ content }) => Buffer.from(content).toString()));
        after = next;
      }
      expect(found).toEqual([
        ['first', 'second'],
        ['third', 'fourth'],
      ]);
      expect(await store.manifests.listUnsummarized({ limit: 1, maxBytes: 1 })).toMatchObject({ manifests: [{}] });
    });

    test('leave out what is in quarantine and what was deleted, and the cursor passes them', async () => {
      const { store } = current;
      const digest = await push(store, app, 'image', { content: Buffer.from('imagf') });
      await store.manifests.quarantine({ ...change, repository: app, digest });
      await push(store, other, 'deleted');
      await store.repositories.delete({ ...change, repository: other, reviewAfter: start, limit: 1 });
      const { manifests, next } = await store.manifests.listUnsummarized(whole);
      expect(manifests).toEqual([]);
      expect(next).toBeGreaterThan(0);
      expect(await store.manifests.listUnsummarized({ ...whole, after: next! })).toEqual({ manifests: [] });
    });
  });
}
