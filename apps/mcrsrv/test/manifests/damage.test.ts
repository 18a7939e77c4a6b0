import { Code } from '@connectrpc/connect';
import { type DigestAlgorithm, digestOf } from '@mcr/core';
import { blobOf, descriptorOf, type TestManifest } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import { expectRejection } from '../_util/rpc.ts';
import { forgetSummaries } from './_lists.ts';

const api = useAdminApi();
const server = () => api().server;
const config = blobOf('{}', 'application/vnd.example.config+json');
const damageLine = 'manifest content is damaged, it is out of service';

beforeAll(() => pushBlobs(server().admin, 'app', config));

/** An image manifest that is unlike all others. */
function manifestNamed(name: string, algorithm: DigestAlgorithm = 'sha256', fields: object = {}): TestManifest {
  return imageOf(config, [], { annotations: { name }, ...fields }, algorithm);
}

async function push(tag: string, manifest: TestManifest): Promise<void> {
  const response = await server().admin.pushManifest('app', `${manifest.digest}?tag=${tag}`, manifest);
  expect(response.status).toBe(201);
}

/** Flips a bit of the content on record, such that it still is a manifest, as a disk does that forgets. */
async function flipBit({ digest, bytes }: TestManifest): Promise<void> {
  const content = Buffer.from(bytes);
  content[content.lastIndexOf('"') - 1]! ^= 1;
  const hex = content.toString('hex');
  await sqlFromOutside(server(), `UPDATE manifests SET content = x'${hex}' WHERE digest = '${digest}'`);
}

const linesAbout = ({ digest }: TestManifest) => failuresOf(server()).filter((line) => line['digest'] === digest);

describe.each(['sha256', 'sha512'] as const)('a manifest with a flipped bit, addressed by %s', (algorithm) => {
  const manifest = manifestNamed(algorithm, algorithm);
  const references = [algorithm, manifest.digest];

  test('is never served, and found damaged by the first GET that reads it, which says so once', async () => {
    await push(algorithm, manifest);
    for (const reference of references) {
      expect((await server().admin.getManifest('app', reference)).body.equals(manifest.bytes)).toBe(true);
    }
    await flipBit(manifest);
    // Of another connection: one that repeats a pull gets the right bytes from memory until the damage was found.
    for (const client of [server().client('admin'), server().admin]) {
      for (const reference of references) {
        const error = expectError(await client.getManifest('app', reference), 404, 'MANIFEST_UNKNOWN');
        expect(error.message).toMatch(/damaged.*pushed again/);
      }
    }
    expect(linesAbout(manifest)).toMatchObject([{ level: 'error', repository: 'app', msg: damageLine }]);
    expect(await server().audit('manifest_quarantined')).toMatchObject([
      { repository: 'app', digest: manifest.digest, actor: {} },
      ...(algorithm === 'sha512' ? [{}] : []),
    ]);
  });

  test('is out of service from then on: for HEAD, for people, and for metrics; its tag stays in the list', async () => {
    for (const reference of references) {
      expectBodyless(await server().admin.headManifest('app', reference), 404);
      const request = { repository: 'app', reference };
      const { registry } = api().rpc('admin');
      await expectRejection(registry.getManifest(request), Code.NotFound, 'MANIFEST_UNKNOWN');
      await expectRejection(registry.inspectManifest(request), Code.NotFound, 'MANIFEST_UNKNOWN');
    }
    expect((await server().admin.tags('app')).json().tags).toContain(algorithm);
    expect(await server().context.metrics.registry.metrics()).toMatch(/^registry_quarantined_manifests 1$/m);
  });

  test('is healed by the next push of it', async () => {
    expect((await server().admin.pushManifest('app', manifest.digest, manifest)).status).toBe(201);
    for (const reference of references) {
      expectBodyless(await server().admin.headManifest('app', reference), 200);
      const response = await server().admin.getManifest('app', reference);
      expect(digestOf(response.body, algorithm)).toBe(manifest.digest);
    }
    expect(await server().context.services.store.manifests.countQuarantined()).toBe(0);
  });
});

/** Everything else that reads what manifests say, or did before that was kept; each finds the damage by itself. */
const readers: Record<string, (tag: string, subject: string) => Promise<unknown>> = {
  'the referrers': async (_, subject) => {
    expect((await server().admin.referrers('app', subject)).json().manifests).toEqual([]);
  },
  GetManifest: (reference) =>
    expectRejection(
      api().rpc('admin').registry.getManifest({ repository: 'app', reference }),
      Code.NotFound,
      'MANIFEST_UNKNOWN',
    ),
  InspectManifest: (reference) =>
    expectRejection(
      api().rpc('admin').registry.inspectManifest({ repository: 'app', reference }),
      Code.NotFound,
      'MANIFEST_UNKNOWN',
    ),
  'InspectManifest of its subject': async (_, reference) => {
    const { referrers } = await api().rpc('admin').registry.inspectManifest({ repository: 'app', reference });
    expect(referrers).toEqual([]);
  },
  'ListTags with details': async (tag) => {
    const { tags } = await api().rpc('admin').registry.listTags({ repository: 'app', search: tag, details: true });
    expect(tags).toMatchObject([{ name: tag, details: { platforms: [] } }]);
  },
};

test.each(Object.entries(readers))(
  '%s: what a damaged manifest says is not believed, and it is taken out of service',
  async (what, read) => {
    const tag = what.replaceAll(' ', '-').toLowerCase();
    const subject = manifestNamed(`subject of ${what}`);
    const manifest = manifestNamed(what, 'sha256', { subject: descriptorOf(subject) });
    await push(`${tag}-subject`, subject);
    await push(`${tag}-damaged`, manifest);
    await flipBit(manifest);
    await forgetSummaries(server());
    await read(`${tag}-damaged`, subject.digest);
    expect(linesAbout(manifest)).toMatchObject([{ repository: 'app', msg: damageLine }]);
    expectBodyless(await server().admin.headManifest('app', manifest.digest), 404);
  },
);

test('lists that read no content show what was pushed until the damage is found, and no referrer from then on', async () => {
  const subject = manifestNamed('subject of lists');
  const manifest = manifestNamed('in lists', 'sha256', { subject: descriptorOf(subject) });
  await push('lists-subject', subject);
  await push('lists', manifest);
  const referrers = async () => (await server().admin.referrers('app', subject.digest)).json().manifests;
  const before = await referrers();
  expect(before).toMatchObject([{ digest: manifest.digest, annotations: { name: 'in lists' } }]);
  await flipBit(manifest);
  expect(await referrers()).toEqual(before);
  expect(linesAbout(manifest)).toEqual([]);
  expectError(await server().admin.getManifest('app', 'lists'), 404, 'MANIFEST_UNKNOWN');
  expect(await referrers()).toEqual([]);
});

test('a damaged manifest can be deleted', async () => {
  const manifest = manifestNamed('to be deleted');
  await push('deleted', manifest);
  await flipBit(manifest);
  expectError(await server().admin.getManifest('app', 'deleted'), 404, 'MANIFEST_UNKNOWN');
  expect((await server().admin.deleteManifest('app', manifest.digest)).status).toBe(202);
  expect((await server().admin.tags('app')).json().tags).not.toContain('deleted');
});
