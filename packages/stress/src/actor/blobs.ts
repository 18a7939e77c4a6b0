import { locationOf, type OciResponse, openBlob, readBlob, type TestBlob } from '@mcr/testkit';
import { withLease, withoutBlob } from '../model/repository.ts';
import { type Change, type Client, change } from './client.ts';

/** The shapes in which a blob is sent: PUT, POST, one PATCH without a length, PATCHes with ranges. */
export const blobShapes = ['put', 'post', 'stream', 'chunks'] as const;

/** One of {@link blobShapes}. */
export type BlobShape = (typeof blobShapes)[number];

const sealing: Change = { phase: 'sealing a blob', events: ['blob_uploaded'], acknowledgment: 201 };
const mounting: Change = { phase: 'mounting', events: ['blob_mounted'], acknowledgment: 201 };
const deleting: Change = { phase: 'deleting', events: ['blob_deleted'], acknowledgment: 202 };
const octets = { 'content-type': 'application/octet-stream' };

/** Why an upload may be gone, if it may. */
export type Excuse = (response: OciResponse) => boolean;

/** Sends a blob in one shape. Returns whether it is there now. */
export async function sendBlob(client: Client, blob: TestBlob, shape: BlobShape): Promise<boolean> {
  const { oci, ledger } = client;
  if (shape !== 'post') {
    const location = await startUpload(client);
    return location !== undefined && (await sendToUpload(client, blob, shape, location));
  }
  const headers = { ...octets, 'content-length': String(blob.size) };
  const body = await readBlob(blob);
  const query = `digest=${blob.digest}`;
  return await sealBlob(client, blob, () => oci.startUpload(ledger.repository, query, { headers, body }));
}

/** Begins an upload and returns its location; undefined when it was not accepted, which is a violation. */
export async function startUpload({ world, oci, ledger }: Client): Promise<string | undefined> {
  const started = await world.request('starting an upload', () => oci.startUpload(ledger.repository));
  return world.expect(`starting an upload to ${ledger.repository}`, started, 202) ? locationOf(started) : undefined;
}

/** Sends a whole blob to an upload that nothing was sent to. */
async function sendToUpload(
  client: Client,
  blob: TestBlob,
  shape: Exclude<BlobShape, 'post'>,
  location: string,
): Promise<boolean> {
  const { oci } = client;
  const bytes = await readBlob(blob);
  const middle = { put: 0, stream: bytes.byteLength, chunks: Math.ceil(bytes.byteLength / 2) }[shape];
  const patch = () =>
    shape === 'stream'
      ? oci.patchUpload(location, openBlob(blob))
      : oci.patchUpload(location, bytes.subarray(0, middle), 0);
  if (shape !== 'put' && !(await sendPart(client, patch))) return false;
  const rest = shape === 'stream' ? undefined : bytes.subarray(middle);
  return await sealBlob(client, blob, () => oci.finishUpload(location, blob.digest, rest), goneWithRepository(client));
}

async function sendPart(client: Client, send: () => Promise<OciResponse>): Promise<boolean> {
  const { world, ledger } = client;
  const response = await world.request('sending bytes', send);
  if (goneWithRepository(client)(response)) return false;
  return world.expect(`sending a part to ${ledger.repository}`, response, 202);
}

/** An upload goes with its repository. */
function goneWithRepository({ disturbed }: Client): Excuse {
  return ({ status }) => status === 404 && disturbed();
}

/** Sends the request that makes an upload a blob, which must be accepted unless `excuse` explains the response. */
export async function sealBlob(
  client: Client,
  blob: TestBlob,
  send: () => Promise<OciResponse>,
  excuse: Excuse = () => false,
): Promise<boolean> {
  const { world, ledger } = client;
  const until = Date.now() + world.gracePeriod;
  const settle = ledger.attempt((repository) => withLease(repository, blob.digest, until));
  const response = await change(client, sealing, settle, send);
  if (excuse(response) || !world.expect(`sealing a blob in ${ledger.repository}`, response, 201)) return false;
  world.count('blobs sent');
  world.damaged.delete(blob.digest);
  return true;
}

/** Checks whether a blob is there, as clients do before they send it. That keeps it for at least half of the grace period. */
export async function askForBlob({ world, oci, ledger }: Client, { digest }: TestBlob): Promise<boolean> {
  const until = Date.now() + world.gracePeriod / 2;
  const found = await world.request('reading', () => oci.headBlob(ledger.repository, digest));
  if (!world.expect(`asking for a blob of ${ledger.repository}`, found, 200, 404) || found.status === 404) return false;
  if (!ledger.isShared && ledger.now.leases.get(digest) === 0) world.violate(`${digest} was deleted and is back`);
  ledger.attempt((repository) => withLease(repository, digest, until))(true);
  world.count('blobs found');
  return true;
}

/** Mounts a blob from another repository, or sends it when it is not there. Returns whether it is there now. */
export async function mountBlob(client: Client, blob: TestBlob, from: string): Promise<boolean> {
  const { world, oci, ledger, random } = client;
  const until = Date.now() + world.gracePeriod;
  const settle = ledger.attempt((repository) => withLease(repository, blob.digest, until));
  const mounted = await change(client, mounting, settle, () => oci.mountBlob(ledger.repository, blob.digest, from));
  if (!world.expect(`mounting a blob into ${ledger.repository}`, mounted, 201, 202)) return false;
  if (mounted.status === 202) {
    const shape = random.weighted({ put: 4, stream: 2, chunks: 1 });
    return await sendToUpload(client, blob, shape, locationOf(mounted));
  }
  world.count('blobs mounted');
  return true;
}

/** Deletes a blob that no manifest of the repository references. */
export async function deleteBlob(client: Client, { digest }: TestBlob): Promise<void> {
  const { world, oci, ledger, disturbed } = client;
  const held = ledger.holds(digest, Date.now() + 1_000);
  const settle = ledger.attempt((repository) => withoutBlob(repository, digest));
  const response = await change(client, deleting, settle, () => oci.deleteBlob(ledger.repository, digest));
  const mayBeGone = !held || disturbed();
  if (!world.expect(`deleting a blob of ${ledger.repository}`, response, 202, ...(mayBeGone ? [404] : []))) return;
  world.count('blobs deleted');
  const found = await world.request('reading', () => oci.headBlob(ledger.repository, digest));
  world.expect(`asking ${ledger.repository} for a deleted blob`, found, 404);
}
