import { blobOf, locationOf } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { useServer } from '../_util/use-server.ts';

const server = useServer();

// Such as `ns` of https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull, which proxies get.
test.each(['ns=registry-1.docker.io&origin=x&_=1', 'ns=docker.io&origin=https%3A%2F%2Fx&n=5'])(
  'query parameters that a request does not have are ignored: %s',
  async (query) => {
    const { admin } = server();
    const blob = blobOf('with parameters');
    const upload = await admin.startUpload('app', query);
    expect(upload.status).toBe(202);
    const location = locationOf(upload);
    expect((await admin.patchUpload(`${location}?${query}`, 'with ', 0)).status).toBe(202);
    expect((await admin.uploadStatus(`${location}?${query}`)).status).toBe(204);
    const closing = `${location}?${query}&digest=${blob.digest}`;
    expect((await admin.request('PUT', closing, { body: 'parameters' })).status).toBe(201);
    const path = `/v2/app/blobs/${blob.digest}?${query}`;
    expect((await admin.request('GET', path)).text()).toBe('with parameters');
    expect((await admin.request('HEAD', path)).status).toBe(200);
    expect((await admin.tags('app', query)).status).toBe(200);
    expect((await admin.request('GET', `/v2/?${query}`)).status).toBe(200);
    const other = locationOf(await admin.startUpload('app'));
    expect((await admin.cancelUpload(`${other}?${query}`)).status).toBe(204);
  },
);
