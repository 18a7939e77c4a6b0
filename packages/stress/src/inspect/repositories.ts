import { digestAlgorithm, digestOf, parseDigest } from '@mcr/core';
import type { TestBlob } from '@mcr/testkit';
import { type Client, rest } from '../actor/client.ts';
import type { Pushable } from '../model/ledger.ts';
import type { RepositoryState } from '../model/repository-state.ts';

/** More than any repository of a run has. */
const page = 'n=1000';

/** Looks at everything that a repository shows, and pulls all of it. */
export async function inspectRepository(client: Client): Promise<void> {
  const { ledger, world } = client;
  const allowed = ledger.state.describe();
  const found = await read(client);
  if (!ledger.state.observe(found)) {
    const shown = { manifests: [...found.manifests], tags: Object.fromEntries(found.tags) };
    world.violate(`${ledger.repository} shows ${JSON.stringify(shown)}, expected ${allowed}`);
  }
  const pulled = new Set<string>();
  for (const digest of found.manifests) {
    const image = ledger.images.get(digest);
    if (image === undefined) world.violate(`${ledger.repository} shows ${digest}, which nobody pushed`);
    else await pull(client, image, pulled);
  }
}

async function read(client: Client): Promise<RepositoryState> {
  const path = `/v1/repositories/${encodeURIComponent(client.ledger.repository)}`;
  const [manifests, tags] = [
    await rest(client, 'GET', `${path}/manifests?${page}`),
    await rest(client, 'GET', `${path}/tags?${page}`),
  ];
  const expectedStatus =
    client.world.expect('listing', manifests, 200, 404) && client.world.expect('listing', tags, 200, 404);
  if (!expectedStatus || manifests.status === 404) return { manifests: new Set(), tags: new Map() };
  const listed: readonly { digest: string }[] = manifests.json().manifests;
  const tagged: readonly { name: string; digest: string }[] = tags.json().tags;
  return {
    manifests: new Set(listed.map(({ digest }) => digest)),
    tags: new Map(tagged.map(({ name, digest }) => [name, digest])),
  };
}

async function pull(client: Client, image: Pushable, pulled: Set<string>): Promise<void> {
  const { oci, ledger, world } = client;
  const { digest, bytes, mediaType } = image.manifest;
  const answer = await oci.getManifest(ledger.repository, digest);
  if (!world.expect(`pulling ${digest}`, answer, 200)) return;
  const isSame = answer.body.equals(bytes) && answer.header('content-type') === mediaType;
  if (!isSame) world.violate(`${digest} in ${ledger.repository} is not what was pushed`);
  for (const blob of image.blobs) {
    if (pulled.has(blob.digest)) continue;
    pulled.add(blob.digest);
    if (!(await pullBlob(client, blob)))
      world.violate(`${blob.digest} of ${digest} in ${ledger.repository} is missing`);
  }
}

/** Whether a blob is there; if it is, its bytes must be right. */
export async function pullBlob({ oci, ledger, world }: Client, blob: TestBlob): Promise<boolean> {
  const answer = await oci.getBlob(ledger.repository, blob.digest);
  if (!world.expect(`pulling ${blob.digest}`, answer, 200, 404) || answer.status === 404) return false;
  const actual = digestOf(answer.body, digestAlgorithm(parseDigest(blob.digest)));
  if (actual !== blob.digest) world.violate(`${blob.digest} in ${ledger.repository} has the bytes of ${actual}`);
  return true;
}
