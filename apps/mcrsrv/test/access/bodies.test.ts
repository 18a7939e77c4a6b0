import { Readable } from 'node:stream';
import { maxManifestSize, mediaTypes } from '@mcr/core';
import { blobOf } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { clientsOver, rpcTransport } from '../_util/rpc.ts';
import { leavingNothing } from '../_util/traces.ts';
import { anyCredentials, type Need, ownPassword, ownTokens } from './_callers.ts';
import { ociRows } from './_oci-rows.ts';
import { restRows } from './_rest-rows.ts';
import type { HttpRequest } from './_rows.ts';
import { createWorld, type World } from './_world.ts';

const cleanup = new AsyncDisposableStack();
let world: World;
beforeAll(async () => {
  world = cleanup.use(await createWorld());
});
afterAll(() => cleanup[Symbol.asyncDispose]());

describe('CVE-2017-11468, CVE-2023-25153: what is read into memory has a bound', () => {
  const headers = { 'content-type': mediaTypes.ociManifest };
  const large = Buffer.alloc(maxManifestSize + 1, ' ');

  test('a manifest, with a length and without', async () => {
    const { server } = world;
    await leavingNothing(server, async () => {
      const chunks = Readable.from([large.subarray(0, -1), large.subarray(-1)]);
      for (const body of [large, chunks]) {
        const response = await server.admin.request('PUT', '/v2/own/app/manifests/large', { headers, body });
        expectError(response, 413, 'SIZE_INVALID');
      }
    });
  });

  test('a config of two megabytes, which is pushed and pulled, and not shown', async () => {
    const { server } = world;
    const config = blobOf(
      JSON.stringify({ padding: 'x'.repeat(2 * 1024 * 1024) }),
      'application/vnd.oci.image.config.v1+json',
    );
    await pushBlobs(server.admin, 'own/large', config);
    expect((await server.admin.pushManifest('own/large', 'v1', imageOf(config))).status).toBe(201);
    const admin = world.callers.find(({ name }) => name === 'admin')!;
    const transport = rpcTransport(server, admin.introduce()[0]!.headers['authorization']);
    const shown = await clientsOver(transport).registry.inspectManifest({ repository: 'own/large', reference: 'v1' });
    expect(shown.config).toBeUndefined();
  });
});

/** Bodies that a check and the code behind it might read differently. */
const bodies: Readonly<Record<string, Pick<HttpRequest, 'headers'> & { readonly body?: string | (() => Readable) }>> = {
  none: {},
  'none, with a length of 0': { headers: { 'content-length': '0' } },
  'one byte': { body: '{' },
  'more than is ever read': { body: ' '.repeat(5 * 1024 * 1024) },
  chunks: { body: () => Readable.from([Buffer.from('{'), Buffer.from('}')]) },
};

describe('CVE-2024-41110, CVE-2026-34040: no body changes what a caller may do', () => {
  // What `machine` may do as well; what it may not is rejected before the body is read.
  const open: readonly Need[] = ['public', anyCredentials, 'account', ownPassword, ownTokens];
  // Whom one asks about is in the body, so what `explain` needs is decided there.
  const writes = [...ociRows, ...restRows].filter(
    ({ title, needs }) => /^(?:POST|PUT|PATCH) /.test(title) && !title.endsWith('/explain') && !open.includes(needs),
  );
  const machine = () => world.callers.find(({ name }) => name === 'machine')!;
  const send = async (request: HttpRequest, variant: (typeof bodies)[string]): Promise<number> => {
    const body = typeof variant.body === 'function' ? variant.body() : variant.body;
    const response = await world.server.admin.request(request.method, request.path, {
      authorization: machine().introduce()[0]!.headers['authorization'] ?? null,
      headers: { ...request.headers, ...variant.headers },
      ...(body !== undefined && { body }),
    });
    return response.status;
  };

  test.each(writes.map((row) => ({ row, title: [row.title, row.note].filter(Boolean).join(', ') })))(
    '$title',
    async ({ row }) => {
      const request = (await row.forms[0]!(world, 'own/app', machine())) as HttpRequest;
      const before = await world.server.context.services.store.coordination.versions();
      // Every account may rotate its own tokens: whose the token is, is decided once the body has been read.
      const denials = row.title.endsWith(':rotate') ? [400, 403, 413] : [403];
      for (const [name, variant] of Object.entries(bodies)) {
        expect(denials, name).toContain(await send(request, variant));
      }
      expect(await world.server.context.services.store.coordination.versions()).toEqual(before);
      await world.tidy();
    },
  );
});
