import { digestOf, mediaTypes, parseDigest, parseRepositoryName } from '@mcr/core';
import { blobOf, descriptorOf, type OciResponse, type TestManifest } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/services/caller.ts';
import { listReferrers } from '../../src/services/referrers/list.ts';
import { expectError } from '../_util/errors.ts';
import { imageOf, indexOf, pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const name = 'referrers/app';
const config = blobOf('{}', 'application/vnd.example.config+json');
const subject = descriptorOf(imageOf(config));
const sbom = 'application/vnd.example.sbom+json';
const annotations = { 'org.example.kind': 'ä"b', other: '' };

const byConfig = imageOf(config, [], { subject });
const byType = imageOf(config, [], { subject, artifactType: sbom, annotations });
const index = indexOf([], { subject, annotations });
const typedIndex = indexOf([], { subject, artifactType: sbom });

/** In the order of the list, which is that of digests. */
const expected = [
  { ...descriptorOf(byConfig), artifactType: config.mediaType },
  { ...descriptorOf(byType), artifactType: sbom, annotations },
  { ...descriptorOf(index), annotations },
  { ...descriptorOf(typedIndex), artifactType: sbom },
].toSorted((a, b) => (a.digest < b.digest ? -1 : 1));

beforeAll(async () => {
  await pushBlobs(server().admin, name, config);
  for (const manifest of [byConfig, byType, index, typedIndex]) await push(manifest);
});

async function push(manifest: TestManifest): Promise<void> {
  const response = await server().admin.pushManifest(name, manifest.digest, manifest);
  expect(response.status, response.text()).toBe(201);
}

function expectList(response: OciResponse, manifests: readonly object[]): void {
  expect(response.status, response.text()).toBe(200);
  expect(response.header('content-type')).toBe('application/vnd.oci.image.index.v1+json');
  expect(response.json()).toEqual({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests });
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
describe('referrers', () => {
  test('are listed with type, annotations and size; an index without artifactType has none', async () => {
    expectList(await server().admin.referrers(name, subject.digest), expected);
  });

  test.each([
    ['an unknown digest', name, digestOf('nothing refers to this')],
    ['an unknown repository', 'referrers/unknown', subject.digest],
    ['the digest of zeros that sigstore asks for', name, `sha256:${'0'.repeat(64)}`],
    ['the same digest in another algorithm', name, digestOf('x', 'sha512')],
  ])('of %s are an empty list and never 404', async (_, repository, digest) => {
    const response = await server().admin.referrers(repository, digest);
    expectList(response, []);
    expect(response.text()).toContain('"manifests":[]');
  });

  test('of a malformed digest are 400', async () => {
    expectError(await server().admin.referrers(name, 'sha256:xyz'), 400, 'DIGEST_INVALID');
    expectError(await server().admin.referrers(name, 'latest'), 400, 'DIGEST_INVALID');
  });

  test.each([
    ['percent-encoded', encodeURIComponent(sbom)],
    ['with a raw plus sign', sbom],
  ])('are filtered by an artifactType %s', async (_, artifactType) => {
    const response = await server().admin.referrers(name, subject.digest, `artifactType=${artifactType}`);
    expectList(
      response,
      expected.filter((descriptor) => 'artifactType' in descriptor && descriptor.artifactType === sbom),
    );
    expect(response.header('oci-filters-applied')).toBe('artifactType');
  });

  test('are filtered to nothing by a type that none has, and by a part of one', async () => {
    for (const artifactType of ['application/x', 'application/vnd.example']) {
      const response = await server().admin.referrers(name, subject.digest, `artifactType=${artifactType}`);
      expectList(response, []);
      expect(response.header('oci-filters-applied')).toBe('artifactType');
    }
  });

  test('without a filter say nothing of one', async () => {
    for (const query of [undefined, 'artifactType=']) {
      const response = await server().admin.referrers(name, subject.digest, query);
      expect(response.header('oci-filters-applied')).toBeUndefined();
      expect(response.json().manifests).toHaveLength(expected.length);
    }
  });

  test('come in pages, each with the filter in its Link', async () => {
    const seen: object[] = [];
    let path: string | undefined =
      `/v2/${name}/referrers/${subject.digest}?n=1&artifactType=${encodeURIComponent(sbom)}`;
    while (path !== undefined) {
      const response: OciResponse = await server().admin.request('GET', path);
      expect(response.header('oci-filters-applied')).toBe('artifactType');
      expect(response.json().manifests).toHaveLength(1);
      seen.push(...response.json().manifests);
      path = /^<(\/v2\/[^>]+)>; rel="next"$/.exec(response.header('link') ?? '')?.[1];
      if (path !== undefined) expect(path).toContain(`artifactType=${encodeURIComponent(sbom)}`);
    }
    expect(seen).toEqual(expected.filter((it) => 'artifactType' in it && it.artifactType === sbom));
  });

  test('CVE-2023-46737: fill no page beyond what clients read, also when annotations are not ASCII', async () => {
    const big = digestOf('a subject with talkative referrers');
    for (let at = 0; at < 3; at += 1) {
      await push(
        indexOf([], { subject: { ...subject, digest: big }, annotations: { at: `${at}`, text: 'ﷺ'.repeat(600_000) } }),
      );
    }
    let path: string | undefined = `/v2/${name}/referrers/${big}`;
    let listed = 0;
    while (path !== undefined) {
      const response: OciResponse = await server().admin.request('GET', path);
      expect(response.body.length).toBeLessThanOrEqual(4 * 1024 * 1024);
      listed += response.json().manifests.length;
      path = /^<(\/v2\/[^>]+)>; rel="next"$/.exec(response.header('link') ?? '')?.[1];
    }
    expect(listed).toBe(3);
  });

  /** Follows the pages of a list to its end; gives how many referrers each had. */
  async function pagesOf(digest: string): Promise<number[]> {
    const sizes: number[] = [];
    let path: string | undefined = `/v2/${name}/referrers/${digest}`;
    while (path !== undefined) {
      const response: OciResponse = await server().admin.request('GET', path);
      sizes.push(response.json().manifests.length);
      path = /^<(\/v2\/[^>]+)>; rel="next"$/.exec(response.header('link') ?? '')?.[1];
    }
    return sizes;
  }

  test('CVE-2023-46737: are few to a page when their manifests are large, though what is shown of them is small', async () => {
    const large = digestOf('a subject with large referrers');
    for (let at = 0; at < 9; at += 1) {
      const padding = 'x'.repeat(3_900_000);
      await push(indexOf([], { subject: { ...subject, digest: large }, annotations: { at: `${at}` }, padding }));
    }
    expect(await pagesOf(large)).toEqual([4, 4, 1]);
  });

  test('CVE-2023-46737: are read in parts, between which others are served', async () => {
    const many = digestOf('a subject with many referrers');
    const { store } = server().context.services;
    const count = 2_500;
    const push = (at: number) => {
      const { bytes, digest } = indexOf([], { subject: { ...subject, digest: many }, annotations: { at: `${at}` } });
      return store.manifests.push({
        repository: parseRepositoryName(name),
        digest: parseDigest(digest),
        mediaType: mediaTypes.ociIndex,
        subject: many,
        content: bytes,
        blobs: [],
        optionalBlobs: [],
        children: [],
        tags: [],
        reviewAfter: 0,
        actor: {},
        now: 0,
      });
    };
    // A database in a network has few connections, for which none of them waits too long.
    for (let at = 0; at < count; at += 50) await Promise.all(Array.from({ length: 50 }, (_, more) => push(at + more)));
    expect(await pagesOf(many)).toEqual([1_000, 1_000, 500]);

    // The event loop turns at least once for each part of a page.
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    const caller = {
      principal: { id: 'x', username: 'x', accountType: 'human', roles: ['admin'] },
      ip: '',
      expiresAt: 0,
      requestId: 'request',
    };
    const page = await listReferrers(server().context.services, caller as Caller, parseRepositoryName(name), many, {
      limit: 1_000,
    });
    clearImmediate(next);
    expect(page.items).toHaveLength(1_000);
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  test('go when they are deleted, and stay when their subject is', async () => {
    const target = imageOf(config, [], { is: 'subject' });
    const referrer = imageOf(config, [], { subject: descriptorOf(target) });
    await push(target);
    await push(referrer);
    expect((await server().admin.deleteManifest(name, target.digest)).status).toBe(202);
    const kept = [{ ...descriptorOf(referrer), artifactType: config.mediaType }];
    expectList(await server().admin.referrers(name, target.digest), kept);
    expect((await server().admin.deleteManifest(name, referrer.digest)).status).toBe(202);
    expectList(await server().admin.referrers(name, target.digest), []);
  });

  test('are per repository', async () => {
    await pushBlobs(server().admin, 'referrers/other', config);
    expectList(await server().admin.referrers('referrers/other', subject.digest), []);
  });
});
