import { randomUUID } from 'node:crypto';
import type { Transport } from '@connectrpc/connect';
import { digestOf } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { blobOf } from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { clientsOver, rpcTransport } from '../_util/rpc.ts';
import type { Caller } from './_callers.ts';
import { exchange, masked } from './_exchange.ts';
import { ociRows } from './_oci-rows.ts';
import { restRows } from './_rest-rows.ts';
import type { Request } from './_rows.ts';
import { rpcRows } from './_rpc-rows.ts';
import { createWorld, type World } from './_world.ts';

const cleanup = new AsyncDisposableStack();
let world: World;
let transport: Transport;
beforeAll(async () => {
  world = cleanup.use(await createWorld());
  transport = rpcTransport(world.server);
});
afterEach(() => world.tidy());
afterAll(() => cleanup[Symbol.asyncDispose]());

const callerNamed = (name: string): Caller => world.callers.find((caller) => caller.name === name)!;

/** The response as the caller sees it, and what the database and the disk were asked for it. */
async function observe(caller: Caller, request: Request, words: readonly string[]) {
  const [introduction] = caller.introduce();
  world.calls.length = 0;
  const response = await exchange(world.server, transport, request, introduction!);
  return { response: masked(response, words), work: [...world.calls] };
}

/** The same request about a repository that does not exist; its name is as long, and the same rules are about it. */
function elsewhere(request: Request): { unknown: Request; words: string[] } {
  const named = /other(\/|%2F)(\w+)/g;
  const swap = (text: string): string =>
    text.replaceAll(named, (_, slash: string, rest: string) => `other${slash}${'z'.repeat(rest.length)}`);
  const text = 'input' in request ? JSON.stringify(request.input) : request.path;
  const words = [...text.matchAll(named)].map(([word]) => word.replace('%2F', '/'));
  const unknown =
    'input' in request
      ? { ...request, input: JSON.parse(swap(text)) as Record<string, unknown> }
      : { ...request, path: swap(text) };
  return { unknown, words: [...words, ...words.map(swap)] };
}

describe('a repository that one may not see is like one that does not exist, in the response and in the work behind it', () => {
  const placed = [...ociRows, ...restRows, ...rpcRows].filter((row) => row.placed);

  test('on many routes', () => {
    expect(placed.length).toBeGreaterThan(25);
  });

  test.each(placed.map((row) => ({ row, title: [row.title, row.note].filter(Boolean).join(', ') })))(
    '$title',
    async ({ row }) => {
      for (const name of ['machine', 'deployer', 'person', 'guest']) {
        const caller = callerNamed(name);
        for (const form of row.forms) {
          const request = await form(world, 'other/app', caller);
          const { unknown, words } = elsewhere(request);
          expect(unknown).not.toEqual(request);
          const existing = await observe(caller, request, words);
          if (name === 'guest') expect(existing.response).toMatch(/^HTTP\/1\.1 401 |^\{"code":16,/);
          else {
            expect(existing.response).toMatch(/^HTTP\/1\.1 403 |^\{"code":7,/);
            expect(existing.work).toContain('audit.append');
          }
          expect(await observe(caller, unknown, words)).toEqual(existing);
        }
      }
    },
  );
});

describe('what only a repository holds that one may not see is, in one’s own, as if no repository had it', () => {
  /** Requests in one’s own repository about something of the other one, and about the like that no repository has. */
  const questions: Record<string, () => Promise<[theirs: string, unknown: string, (it: string) => Request]>> = {
    'a blob': async () => [
      await world.blob('other/app'),
      digestOf('in no repository'),
      (digest) => ({ method: 'GET', path: `/v2/own/app/blobs/${digest}` }),
    ],
    'a part of a blob': async () => [
      await world.blob('other/app'),
      digestOf('in no repository'),
      (digest) => ({ method: 'GET', path: `/v2/own/app/blobs/${digest}`, headers: { Range: 'bytes=0-1' } }),
    ],
    'whether a blob is there': async () => [
      await world.blob('other/app'),
      digestOf('in no repository'),
      (digest) => ({ method: 'HEAD', path: `/v2/own/app/blobs/${digest}` }),
    ],
    'deleting a blob': async () => [
      await world.blob('other/app'),
      digestOf('in no repository'),
      (digest) => ({ method: 'DELETE', path: `/v2/own/app/blobs/${digest}` }),
    ],
    'mounting a blob from there': async () => [
      await world.blob('other/app'),
      digestOf('in no repository'),
      (digest) => ({ method: 'POST', path: `/v2/own/app/blobs/uploads/?mount=${digest}&from=other/app` }),
    ],
    'mounting a blob from wherever it is': async () => [
      await world.blob('other/app'),
      digestOf('in no repository'),
      (digest) => ({ method: 'POST', path: `/v2/own/app/blobs/uploads/?mount=${digest}` }),
    ],
    'referring to a blob': async () => [
      await world.blob('other/app'),
      digestOf('in no repository'),
      (digest) => ({
        method: 'PUT',
        path: '/v2/own/app/manifests/stolen',
        headers: { 'Content-Type': 'application/vnd.oci.image.manifest.v1+json' },
        body: Buffer.from(imageOf({ mediaType: 'application/x-config', digest, size: 2 } as never).bytes).toString(),
      }),
    ],
    'a manifest by digest': async () => [
      (await world.manifest('other/app')).digest,
      digestOf('in no repository'),
      (digest) => ({ method: 'GET', path: `/v2/own/app/manifests/${digest}` }),
    ],
    'a manifest by tag': async () => [
      (await world.manifest('other/app')).tag,
      world.word(),
      (tag) => ({ method: 'HEAD', path: `/v2/own/app/manifests/${tag}` }),
    ],
    'deleting a manifest': async () => [
      (await world.manifest('other/app')).digest,
      digestOf('in no repository'),
      (digest) => ({ method: 'DELETE', path: `/v2/own/app/manifests/${digest}` }),
    ],
    'the manifest by RPC': async () => [
      (await world.manifest('other/app')).digest,
      digestOf('in no repository'),
      (reference) => ({ method: RegistryService.method.getManifest, input: { repository: 'own/app', reference } }),
    ],
    'inspecting the manifest': async () => [
      (await world.manifest('other/app')).digest,
      digestOf('in no repository'),
      (reference) => ({ method: RegistryService.method.inspectManifest, input: { repository: 'own/app', reference } }),
    ],
    'the referrers of a manifest': async () => [
      (await world.manifest('other/app')).digest,
      digestOf('in no repository'),
      (digest) => ({ method: 'GET', path: `/v2/own/app/referrers/${digest}` }),
    ],
    'the state of an upload': async () => [
      await world.upload('own/app', callerNamed('admin').id),
      randomUUID(),
      (upload) => ({ method: 'GET', path: `/v2/own/app/blobs/uploads/${upload}` }),
    ],
    'the upload of another account': async () => [
      await world.upload('own/app', callerNamed('admin').id),
      randomUUID(),
      (upload) => ({ method: 'PATCH', path: `/v2/own/app/blobs/uploads/${upload}`, body: 'x' }),
    ],
    'closing the upload of another account': async () => [
      await world.upload('own/app', callerNamed('admin').id),
      randomUUID(),
      (upload) => ({ method: 'PUT', path: `/v2/own/app/blobs/uploads/${upload}?digest=${digestOf('')}` }),
    ],
    'cancelling the upload of another account': async () => [
      await world.upload('own/app', callerNamed('admin').id),
      randomUUID(),
      (upload) => ({ method: 'DELETE', path: `/v2/own/app/blobs/uploads/${upload}` }),
    ],
    'an upload of one’s own that is another repository’s': async () => [
      await world.upload('other/app', callerNamed('person').id),
      randomUUID(),
      (upload) => ({ method: 'PATCH', path: `/v2/own/app/blobs/uploads/${upload}`, body: 'x' }),
    ],
  };

  test.each(Object.entries(questions))('%s', async (_, make) => {
    const person = callerNamed('person');
    const [theirs, unknown, ask] = await make();
    const words = [theirs, unknown];
    const seen = await observe(person, ask(theirs), words);
    expect(await observe(person, ask(unknown), words)).toEqual(seen);
  });

  test('a manifest says of its blobs that one repository has them, however many do', async () => {
    const shared = blobOf('a base layer that all have');
    for (const name of ['own/shared', 'other/shared']) {
      await pushBlobs(world.server.admin, name, shared);
      expect((await world.server.admin.pushManifest(name, 'v1', imageOf(shared))).status).toBe(201);
    }
    const facts = async (caller: string) => {
      const { registry } = clientsOver(
        rpcTransport(world.server, callerNamed(caller).introduce()[0]!.headers['authorization']),
      );
      const { blobs } = await registry.inspectManifest({ repository: 'own/shared', reference: 'v1' });
      const { uniqueSize } = await registry.getRepositoryUsage({ name: 'own/shared' });
      const { repository } = await registry.getRepository({ name: 'own/shared' });
      const { layers } = await registry.listLayers({ repository: 'own/shared' });
      expect(layers.map(({ digest, repositories }) => [digest, repositories])).toEqual(
        layers.map(({ digest }) => [digest, blobs.find((blob) => blob.digest === digest)!.repositories]),
      );
      return { inRepositories: blobs[0]!.repositories, shares: uniqueSize !== repository!.totalSize };
    };
    expect(await facts('person')).toEqual({ inRepositories: 1, shares: false });
    expect(await facts('deployer')).toEqual({ inRepositories: 1, shares: false });
    expect(await facts('admin')).toEqual({ inRepositories: 2, shares: true });
  });
});
