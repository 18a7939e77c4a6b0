import { digestAlgorithm, digestOf, parseDigest } from '@mcr/core';
import type { Client } from './client.ts';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

interface Content {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

/** Pulls what a tag points to, which must be what it was set to last. */
export async function pullTag({ world, oci, ledger, random }: Client, tag: string): Promise<string | undefined> {
  const expected = ledger.isShared ? undefined : ledger.now.tags.get(tag);
  const allowed = ledger.isShared ? [200, 404] : [expected === undefined ? 404 : 200];
  const isHead = random.chance(0.5);
  const response = await world.request('reading', () =>
    isHead ? oci.headManifest(ledger.repository, tag) : oci.getManifest(ledger.repository, tag),
  );
  if (!world.expect(`pulling ${tag} of ${ledger.repository}`, response, ...allowed)) return undefined;
  if (response.status === 404) return undefined;
  const found = response.header('docker-content-digest');
  if (!ledger.isShared && found !== expected) world.violate(`${tag} is ${found}, expected ${expected}`);
  return found;
}

/**
 * Pulls a manifest with all that it names, and checks every byte of it; blobs in `pulled` were before. What is not there
 * must have been deleted. Returns whether the manifest itself was there.
 */
export async function pullWhole(client: Client, digest: string, pulled = new Set<string>()): Promise<boolean> {
  const { world, oci, ledger } = client;
  const where = ledger.repository;
  const overtaken = ledger.isShared ? world.deletions.watch(where, digest) : () => false;
  const response = await world.request('reading', () => oci.getManifest(where, digest));
  if (response.status === 404) return false;
  if (!world.expect(`pulling ${digest} of ${where}`, response, 200)) return false;
  if (digestOfBytes(response.body, digest) !== digest) world.violate(`${digest} in ${where} is not what was pushed`);
  const { manifest, blobs = [] } = ledger.images.get(digest) ?? {};
  const isAsPushed = manifest === undefined || response.header('content-type') === manifest.mediaType;
  if (!isAsPushed) world.violate(`${digest} in ${where} has another media type than it was pushed with`);
  world.count('manifests pulled');

  const { config, layers = [], manifests = [] } = response.json() as Content;
  for (const child of manifests) {
    if (!ledger.images.has(child.digest) || (await pullWhole(client, child.digest, pulled))) continue;
    if (world.deletions.everDeleted(where, child.digest)) continue;
    world.violate(`${child.digest}, which an index in ${where} lists, is gone, and no client deleted it`);
  }
  // Both what it names and what was pushed with it: which must be the same.
  const named: readonly Descriptor[] = [...(config === undefined ? [] : [config]), ...layers, ...blobs];
  for (const blob of named) {
    if (pulled.has(blob.digest)) continue;
    pulled.add(blob.digest);
    if ((await pullBlob(client, blob)) || overtaken()) continue;
    world.violate(`${blob.digest} of ${digest} in ${where} is missing`);
  }
  return true;
}

/** Whether a blob is there; if it is, its bytes must be right. */
export async function pullBlob(
  client: Client,
  blob: Pick<Descriptor, 'digest'> & Partial<Descriptor>,
): Promise<boolean> {
  const { world, oci, ledger } = client;
  const response = await world.request('reading', () => oci.getBlob(ledger.repository, blob.digest));
  if (!world.expect(`pulling ${blob.digest} of ${ledger.repository}`, response, 200, 404)) return false;
  if (response.status === 404) return false;
  const actual = digestOfBytes(response.body, blob.digest);
  if (actual !== blob.digest || response.body.byteLength !== (blob.size ?? response.body.byteLength)) {
    world.violate(`${blob.digest} in ${ledger.repository} has the bytes of ${actual}`);
  }
  world.count('blobs pulled');
  return true;
}

function digestOfBytes(bytes: Uint8Array, like: string): string {
  return digestOf(bytes, digestAlgorithm(parseDigest(like)));
}
