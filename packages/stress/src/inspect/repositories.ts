import { isDeepStrictEqual } from 'node:util';
import { type Client, rest } from '../actor/client.ts';
import { pullWhole } from '../actor/pull.ts';
import { referencesOf } from '../model/ledger.ts';
import { emptyRepository, type Listing, listingOf, withManifest } from '../model/repository.ts';

/** More than any repository of a run has. */
const page = 'n=1000';

/** Looks at everything that a repository shows, and pulls all of it. */
export async function inspectRepository(client: Client): Promise<void> {
  const { ledger, world } = client;
  const { state, images, repository } = ledger;
  const allowed = state.describe(listingOf);
  const found = await list(client);
  if (!state.observe((held) => isDeepStrictEqual(listingOf(held), found))) {
    const shown = { manifests: [...found.manifests], tags: Object.fromEntries(found.tags) };
    world.violate(`${repository} shows ${JSON.stringify(shown)}, expected ${allowed}`);
    const held = [...found.manifests].reduce((so, digest) => {
      const image = images.get(digest);
      return withManifest(so, digest, image === undefined ? { blobs: [] } : referencesOf(image));
    }, emptyRepository);
    state.settle({ ...held, tags: found.tags });
  }
  const pulled = new Set<string>();
  for (const digest of found.manifests) {
    if (!images.has(digest)) world.violate(`${repository} shows ${digest}, which no client pushed`);
    if (!(await pullWhole(client, digest, pulled))) world.violate(`${digest} is listed in ${repository} and is gone`);
  }
}

/** The manifests and tags that a repository lists. */
export async function list(client: Client): Promise<Listing> {
  const { world, ledger } = client;
  const path = `/v1/repositories/${encodeURIComponent(ledger.repository)}`;
  const manifests = await rest(client, 'GET', `${path}/manifests?${page}`);
  const tags = await rest(client, 'GET', `${path}/tags?${page}`);
  const isRight = [manifests, tags].every((response) => world.expect('listing', response, 200, 404));
  if (!isRight || manifests.status === 404) return listingOf(emptyRepository);
  const listed: readonly { digest: string }[] = manifests.json().manifests;
  const tagged: readonly { name: string; digest: string }[] = tags.json().tags;
  return {
    manifests: new Set(listed.map(({ digest }) => digest)),
    tags: new Map(tagged.map(({ name, digest }) => [name, digest])),
  };
}
