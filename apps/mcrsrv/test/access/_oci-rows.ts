import { digestOf, mediaTypes } from '@mcr/core';
import { testPassword } from '../_util/server.ts';
import { anyCredentials, pullOrPush } from './_callers.ts';
import { httpRow, type Row, splitHead } from './_rows.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const login = `grant_type=password&username=person&password=${encodeURIComponent(testPassword)}`;
const emptyIndex = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] });

/** The distribution API and its token endpoint. */
export const ociRows: readonly Row[] = [
  httpRow('GET /v2/token', anyCredentials, () => ({ path: '/v2/token' })),
  httpRow('POST /v2/token', 'public', () => ({ path: '/v2/token', headers: form, body: login }), 'with a password'),
  httpRow(
    'POST /v2/token',
    anyCredentials,
    () => ({ path: '/v2/token', headers: form, body: 'grant_type=password&service=mcr' }),
    'without one',
  ),
  httpRow('GET /v2', 'registry:version_check', () => ({ path: '/v2' })),
  httpRow('GET /v2/', 'registry:version_check', () => ({ path: '/v2/' })),
  httpRow('GET /v2/_catalog', 'registry:catalog', () => ({ path: '/v2/_catalog' })),
  httpRow('POST /v2/:name/blobs/uploads', 'registry:push', (_, name) => ({ path: `/v2/${name}/blobs/uploads` })),
  httpRow('POST /v2/:name/blobs/uploads/', 'registry:push', (world, name) => {
    const body = world.word();
    return { path: `/v2/${name}/blobs/uploads/?digest=${digestOf(body)}`, body };
  }),
  httpRow('GET /v2/:name/blobs/uploads/:upload', 'registry:push', async (world, name, { id }) => ({
    path: `/v2/${name}/blobs/uploads/${await world.upload(name, id)}`,
  })),
  httpRow('PATCH /v2/:name/blobs/uploads/:upload', 'registry:push', async (world, name, { id }) => ({
    path: `/v2/${name}/blobs/uploads/${await world.upload(name, id)}`,
    body: 'a part',
  })),
  httpRow('PUT /v2/:name/blobs/uploads/:upload', 'registry:push', async (world, name, { id }) => {
    const body = world.word();
    return { path: `/v2/${name}/blobs/uploads/${await world.upload(name, id)}?digest=${digestOf(body)}`, body };
  }),
  httpRow('DELETE /v2/:name/blobs/uploads/:upload', 'registry:push', async (world, name, { id }) => ({
    path: `/v2/${name}/blobs/uploads/${await world.upload(name, id)}`,
  })),
  ...splitHead(
    httpRow('GET /v2/:name/blobs/:digest', 'registry:pull', async (world, name) => ({
      path: `/v2/${name}/blobs/${await world.blob(name)}`,
    })),
    pullOrPush,
  ),
  httpRow('DELETE /v2/:name/blobs/:digest', 'registry:delete', async (world, name) => ({
    path: `/v2/${name}/blobs/${await world.blob(name)}`,
  })),
  ...splitHead(
    httpRow('GET /v2/:name/manifests/:reference', 'registry:pull', async (world, name) => ({
      path: `/v2/${name}/manifests/${(await world.manifest(name)).tag}`,
    })),
    pullOrPush,
  ),
  httpRow('PUT /v2/:name/manifests/:reference', 'registry:push', (world, name) => ({
    path: `/v2/${name}/manifests/${world.word()}`,
    headers: { 'content-type': mediaTypes.ociIndex },
    body: emptyIndex,
  })),
  httpRow('DELETE /v2/:name/manifests/:reference', 'registry:delete', async (world, name) => ({
    path: `/v2/${name}/manifests/${(await world.manifest(name)).digest}`,
  })),
  httpRow(
    'DELETE /v2/:name/manifests/:reference',
    'registry:delete',
    async (world, name) => ({ path: `/v2/${name}/manifests/${(await world.manifest(name)).tag}` }),
    'a tag',
  ),
  httpRow('GET /v2/:name/tags/list', 'registry:pull', (_, name) => ({ path: `/v2/${name}/tags/list` })),
  httpRow('GET /v2/:name/referrers/:digest', 'registry:pull', async (world, name) => ({
    path: `/v2/${name}/referrers/${(await world.manifest(name)).digest}`,
  })),
];
