import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { RepositoryName } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { remainsIn } from '@mcr/stress';
import type { TestServer } from '../../_util/server.ts';
import { collectNow } from './collections.ts';
import type { Client } from './push.ts';
import { pull } from './reader.ts';

const page = 100;

/** Pulls every manifest of the registry whole. */
export async function pullEverything(client: Client, store: MetadataStore): Promise<void> {
  for (const repository of await store.repositories.list({ limit: 1000 })) {
    for (const digest of await digestsIn(store, repository)) {
      if (await pull(client, repository, digest)) client.world.count('manifests whole in the end');
      else client.world.violate(`${digest} in ${repository} is listed and cannot be pulled`);
    }
  }
}

/** Waits until nothing is protected any more, collects once more, and looks at what is left. */
export async function expectNothingLeft(client: Client, server: TestServer, settle: number): Promise<void> {
  const { world, oci } = client;
  await sleep(settle);
  await collectNow(oci);
  const last = await collectNow(oci);
  for (const [what, expected] of Object.entries({ state: 'completed', orphans_removed: 0, missing_files: 0 })) {
    if (last[what] !== expected) world.violate(`the last collection says ${what} ${String(last[what])}`);
  }
  const copy = join(server.directory, 'after.db');
  await server.context.services.store.snapshot(copy);
  const { files, blobs, ...rest } = await remainsIn(server.directory, copy);
  world.count('blobs left', blobs.length);
  if (!isDeepStrictEqual(files, blobs)) world.violate(`${files.length} files for ${blobs.length} blob rows`);
  const nothing = { unreferenced: 0, uploadFiles: [], uploads: 0, queue: 0, trash: 0, links: 0, deleted: 0 };
  if (!isDeepStrictEqual(rest, nothing)) world.violate(`left over: ${JSON.stringify(rest)}`);
}

async function digestsIn(store: MetadataStore, repository: RepositoryName): Promise<readonly string[]> {
  const digests: string[] = [];
  for (;;) {
    const after = digests.at(-1);
    const slice = await store.manifests.list(repository, { ...(after !== undefined && { after }), limit: page });
    digests.push(...slice.map(({ digest }) => digest));
    if (slice.length < page) return digests;
  }
}
