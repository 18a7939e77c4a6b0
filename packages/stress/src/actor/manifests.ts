import type { Pushable } from '../model/ledger.ts';
import { withManifest, withoutManifest, withoutTag } from '../model/repository-state.ts';
import { type Change, type Client, change } from './client.ts';

const pushing: Change = { phase: 'pushing a manifest', event: 'manifest_pushed', acknowledgment: 201 };
const deleting: Change = { phase: 'deleting', event: 'manifest_deleted', acknowledgment: 202 };
const untagging: Change = { phase: 'deleting', event: 'tag_deleted', acknowledgment: 202 };

/** Pushes a manifest whose blobs are there, and sets the tag, if one is given, to it. */
export async function pushManifest(client: Client, image: Pushable, tag?: string): Promise<void> {
  const { world, oci, ledger } = client;
  const { digest } = image.manifest;
  ledger.images.set(digest, image);
  ledger.state.attempt(withManifest(ledger.state.certain, digest, tag));
  const reference = tag === undefined ? digest : digest.startsWith('sha256:') ? tag : `${digest}?tag=${tag}`;
  const answer = await change(client, pushing, () => oci.pushManifest(ledger.repository, reference, image.manifest));
  if (answer.status === 201) return ledger.state.accepted();
  ledger.state.refused();
  // A client that was too slow has to begin again.
  const answered = Date.now();
  const isSure = image.blobs.every(
    (blob) => ledger.blobs.holds(blob.digest, answered) || ledger.isReferenced(blob.digest),
  );
  const tooLate = answer.status === 400 && answer.text().includes('MANIFEST_BLOB_UNKNOWN') && !isSure;
  if (tooLate) world.count('pushes that came too late');
  else world.expect(`pushing ${reference}`, answer, 201);
}

/** Pushes a manifest that is there once more, and sets tags to it, at most 64. */
export async function setTags(client: Client, { manifest }: Pushable, tags: readonly string[]): Promise<void> {
  const { world, oci, ledger } = client;
  ledger.state.attempt(tags.reduce((state, tag) => withManifest(state, manifest.digest, tag), ledger.state.certain));
  const reference = `${manifest.digest}?${tags.map((tag) => `tag=${tag}`).join('&')}`;
  const answer = await change(client, pushing, () => oci.pushManifest(ledger.repository, reference, manifest));
  if (world.expect(`setting ${tags.length} tags`, answer, 201)) ledger.state.accepted();
  else ledger.state.refused();
}

/** Deletes a manifest that is there. */
export async function deleteManifest(client: Client, digest: string): Promise<void> {
  const { oci, ledger } = client;
  ledger.state.attempt(withoutManifest(ledger.state.certain, digest));
  await acknowledge(client, await change(client, deleting, () => oci.deleteManifest(ledger.repository, digest)));
}

/** Deletes a tag that is there. */
export async function deleteTag(client: Client, tag: string): Promise<void> {
  const { oci, ledger } = client;
  ledger.state.attempt(withoutTag(ledger.state.certain, tag));
  await acknowledge(client, await change(client, untagging, () => oci.deleteManifest(ledger.repository, tag)));
}

/** Pulls what a tag points to, which must be what it was set to last. */
export async function pullTag({ world, oci, ledger }: Client, tag: string): Promise<void> {
  const expected = ledger.state.certain.tags.get(tag);
  const answer = await world.request('reading', () => oci.getManifest(ledger.repository, tag));
  if (!world.expect(`pulling ${tag}`, answer, expected === undefined ? 404 : 200)) return;
  const found = answer.header('docker-content-digest');
  if (answer.status === 200 && found !== expected) world.violate(`${tag} is ${found}, expected ${expected}`);
}

async function acknowledge({ world, ledger }: Client, answer: Awaited<ReturnType<typeof change>>): Promise<void> {
  if (world.expect('deleting', answer, 202)) ledger.state.accepted();
  else ledger.state.refused();
}
