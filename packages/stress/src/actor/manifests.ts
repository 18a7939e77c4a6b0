import type { AuditEventType } from '@mcr/core';
import { type Pushable, referencesOf } from '../model/ledger.ts';
import { withManifest, withoutManifest, withoutTags } from '../model/repository.ts';
import { type Change, type Client, change } from './client.ts';

const pushing: Change = { phase: 'pushing a manifest', events: ['manifest_pushed'], acknowledgment: 201 };
const deleting = (event: AuditEventType): Change => ({ phase: 'deleting', events: [event], acknowledgment: 202 });

/** Pushes a manifest whose blobs are there, and sets these tags to it, at most 64. */
export async function pushManifest(client: Client, image: Pushable, ...tags: readonly string[]): Promise<void> {
  const { world, oci, ledger, disturbed } = client;
  const { digest } = image.manifest;
  const references = referencesOf(image);
  const { blobs } = references;
  ledger.images.set(digest, image);
  const settle = ledger.attempt((repository) => withManifest(repository, digest, references, ...tags));
  const reference = referenceOf(digest, tags);
  const response = await change(client, pushing, settle, () =>
    oci.pushManifest(ledger.repository, reference, image.manifest),
  );
  if (response.status === 201) return world.count('manifests pushed');
  // A client that was too slow has to begin again.
  const at = Date.now();
  const isMissing = response.status === 400 && response.text().includes('MANIFEST_BLOB_UNKNOWN');
  if (isMissing && disturbed()) world.count('pushes overtaken by a deletion');
  else if (isMissing && !blobs.every((blob) => ledger.mayName(blob, at))) world.count('pushes that came too late');
  else world.expect(`pushing ${reference} to ${ledger.repository}`, response, 201);
}

/** By its tag as most clients do, if there is one; the tags of other algorithms, and several, stand in the query. */
function referenceOf(digest: string, [tag, ...others]: readonly string[]): string {
  if (tag === undefined) return digest;
  if (others.length === 0 && digest.startsWith('sha256:')) return tag;
  return `${digest}?${[tag, ...others].map((name) => `tag=${name}`).join('&')}`;
}

/** Deletes a manifest that is there. */
export async function deleteManifest(client: Client, digest: string): Promise<void> {
  const { world, oci, ledger } = client;
  const settle = ledger.attempt((repository) => withoutManifest(repository, digest));
  const response = await world.deletions.run(ledger.repository, [digest], () =>
    change(client, deleting('manifest_deleted'), settle, () => oci.deleteManifest(ledger.repository, digest)),
  );
  if (!world.expect(`deleting a manifest of ${ledger.repository}`, response, 202, ...mayBeGone(client))) return;
  world.count('manifests deleted');
  const image = ledger.images.get(digest);
  if (image !== undefined) world.rememberDeleted(image);
}

/** Deletes a tag that is there. */
export async function deleteTag(client: Client, tag: string): Promise<void> {
  const { world, oci, ledger } = client;
  const settle = ledger.attempt((repository) => withoutTags(repository, [tag]));
  const response = await change(client, deleting('tag_deleted'), settle, () =>
    oci.deleteManifest(ledger.repository, tag),
  );
  if (world.expect(`deleting a tag of ${ledger.repository}`, response, 202, ...mayBeGone(client))) {
    world.count('tags deleted');
  }
}

/** With other clients, what is to be deleted may be gone already. */
function mayBeGone({ ledger }: Client): readonly number[] {
  return ledger.isShared ? [404] : [];
}
