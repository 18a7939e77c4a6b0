import { digestOf, parseRepositoryName } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { fsck } from '../fsck/_fsck.ts';

const name = parseRepositoryName('large');
const change = { actor: {}, now: Date.now() };
/** More rows than the transaction of the deletion removes. */
const count = 800;

async function fill(store: MetadataStore): Promise<void> {
  const push = (n: number) => {
    const content = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [], annotations: { n: `${n}` } }));
    return store.manifests.push({
      ...change,
      repository: name,
      digest: digestOf(content),
      mediaType: 'application/vnd.oci.image.index.v1+json',
      content,
      blobs: [],
      optionalBlobs: [],
      children: [],
      tags: [],
      reviewAfter: change.now,
    });
  };
  await Promise.all(Array.from({ length: count }, (_, n) => push(n)));
}

/** What is left of deleted repositories: all of it, were it removed in one slice now. */
const leftOf = ({ context }: TestServer) =>
  context.services.store.repositories
    .removeDeleted({ reviewAfter: change.now, limit: 1_000_000 })
    .then(({ removed }) => removed);

test('the rows of a deleted repository are removed beside other work', async () => {
  await using server = await startTestServer();
  const { store, remover } = server.context.services;
  await fill(store);
  const path = `/v2/${name}/tags/list`;
  expect((await server.admin.request('DELETE', `/v1/repositories/${name}`)).status).toBe(204);
  expect((await server.admin.request('GET', path)).status).toBe(404);
  await remover.run();
  expect(await leftOf(server)).toBe(0);
});

test('what a process leaves of a deleted repository, the next one removes, and fsck finds nothing in between', async () => {
  await using directory = await tempDirectory();
  {
    await using server = await startTestServer({ directory: directory.path });
    const { store } = server.context.services;
    await fill(store);
    // Not by the verb, as if the process had been killed right after the transaction.
    await store.repositories.delete({ ...change, repository: name, reviewAfter: change.now });
    expect(await fsck({ directory: directory.path }, '--deep')).toMatchObject({ clean: true });
  }
  await using server = await startTestServer({ directory: directory.path });
  await server.context.services.remover.run();
  expect(await leftOf(server)).toBe(0);
  expect(await fsck({ directory: directory.path }, '--deep')).toMatchObject({ clean: true });
});
