import { digestOf } from '@mcr/core';
import { blobOf, locationOf, type OciResponse } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();

function expectCreated(response: OciResponse, name: string, digest: string): void {
  expect(response.status, response.text()).toBe(201);
  expect(response.header('location')).toBe(`/v2/${name}/blobs/${digest}`);
  expect(response.header('docker-content-digest')).toBe(digest);
  expect(response.header('content-length')).toBe('0');
}

/** A session was opened instead, and it works. */
async function expectSession(response: OciResponse, content: string): Promise<void> {
  expect(response.status, response.text()).toBe(202);
  expect(response.header('range')).toBe('0-0');
  expect((await server().admin.finishUpload(locationOf(response), digestOf(content), content)).status).toBe(201);
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#single-post
describe('a single POST', () => {
  test.each(['sha256', 'sha512'] as const)('with a body of this %s digest makes the blob', async (algorithm) => {
    const blob = blobOf(`single ${algorithm}`, undefined, algorithm);
    expectCreated(await server().admin.pushBlob('single', blob, 'post'), 'single', blob.digest);
    expect((await server().admin.getBlob('single', blob.digest)).text()).toBe(`single ${algorithm}`);
  });

  test('with a body of another digest is 400 and leaves nothing', async () => {
    await leavingNothing(server(), async () => {
      const response = await server().admin.startUpload('single', `digest=${digestOf('a')}`, { body: 'b' });
      expectError(response, 400, 'DIGEST_INVALID');
    });
  });

  test('without a body opens a session, as older clients mean it', async () => {
    await expectSession(await server().admin.startUpload('single', `digest=${digestOf('later')}`), 'later');
  });

  test.each(['5-9', '1-10', '0-4', '0-20'])('with a Content-Range of %s is 400 and leaves nothing', async (range) => {
    await leavingNothing(server(), async () => {
      const response = await server().admin.startUpload('single', `digest=${digestOf('ten bytes.')}`, {
        body: 'ten bytes.',
        headers: { 'content-range': range },
      });
      expect(response.status).toBe(400);
    });
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#mounting-a-blob-from-another-repository
describe.each(['sha256', 'sha512'] as const)('mounting a %s blob', (algorithm) => {
  const blob = blobOf('to be mounted', undefined, algorithm);
  const target = `mounts/${algorithm}`;

  beforeAll(async () => {
    expect((await server().admin.pushBlob('source/repo', blob)).status).toBe(201);
  });

  test('from a repository that has it is 201, and it is readable at once', async () => {
    expectCreated(await server().admin.mountBlob(target, blob.digest, 'source/repo'), target, blob.digest);
    expect((await server().admin.getBlob(target, blob.digest)).text()).toBe('to be mounted');
  });

  test.each([
    ['a repository that lacks it', 'single'],
    ['a repository that does not exist', 'nothing/there'],
    ['a name that is none', 'NOT..valid'],
    ['a name that climbs', '../..'],
    ['an empty name', ''],
  ])('from %s opens a session instead', async (_, from) => {
    const fresh = `${target}/from-elsewhere`;
    await expectSession(await server().admin.mountBlob(fresh, blob.digest, from), `session ${from}`);
    expectError(await server().admin.getBlob(fresh, blob.digest), 404, 'BLOB_UNKNOWN');
  });

  test('that is nowhere opens a session instead', async () => {
    const response = await server().admin.mountBlob(`${target}/nowhere`, digestOf('unknown', algorithm), 'source/repo');
    await expectSession(response, `session ${algorithm}`);
  });

  test('from two repositories at once opens a session instead', async () => {
    const query = `mount=${blob.digest}&from=source%2Frepo&from=single`;
    await expectSession(await server().admin.startUpload(`${target}/two`, query), 'session of two');
  });

  test('without from finds it only where it is already', async () => {
    await expectSession(await server().admin.mountBlob(`${target}/anonymous`, blob.digest), 'session anonymous');
    expectCreated(await server().admin.mountBlob('source/repo', blob.digest), 'source/repo', blob.digest);
  });

  test('of a malformed digest is 400', async () => {
    expectError(await server().admin.mountBlob(target, `${algorithm}:xyz`, 'source/repo'), 400, 'DIGEST_INVALID');
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#mounting-a-blob-from-another-repository
describe('a mount', () => {
  const name = 'team/app';

  test('from a source that the account may not pull from opens a session instead', async () => {
    await server().addRule({ effect: 'deny', repositories: ['secret/*'], actions: ['registry:pull'] });
    await pushBlobs(server().admin, 'secret/source', blobOf('secret'));
    const response = await server().admin.mountBlob('mounts/target', digestOf('secret'), 'secret/source');
    expect(response.status, response.text()).toBe(202);
  });

  test('takes raw digests, as containerd sends them', async () => {
    await pushBlobs(server().admin, name, blobOf('raw'));
    const response = await server().admin.startUpload('mounts/raw', `mount=${digestOf('raw')}&from=${name}`);
    expect(response.status, response.text()).toBe(201);
  });
});
