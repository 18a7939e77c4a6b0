import { locationOf, type OciResponse, openBlob, readBlob, type TestBlob } from '@mcr/testkit';
import { type Change, type Client, change } from './client.ts';

/** The shapes in which a blob is sent: PUT, POST, one PATCH without a length, PATCHes with ranges. */
export const blobShapes = ['put', 'post', 'stream', 'chunks'] as const;

/** One of {@link blobShapes}. */
export type BlobShape = (typeof blobShapes)[number];

const sealing: Change = { phase: 'sealing a blob', event: 'blob_uploaded', acknowledgment: 201 };
const mounting: Change = { phase: 'mounting', event: 'blob_mounted', acknowledgment: 201 };
const deleting: Change = { phase: 'deleting', event: 'blob_deleted', acknowledgment: 202 };
const octets = { 'content-type': 'application/octet-stream' };

/** Sends a blob in one shape. */
export async function sendBlob(client: Client, blob: TestBlob, shape: BlobShape): Promise<void> {
  const { oci, ledger } = client;
  if (shape === 'post') {
    const headers = { ...octets, 'content-length': String(blob.size) };
    const body = await readBlob(blob);
    const query = `digest=${blob.digest}`;
    return await sealBlob(client, blob, () => oci.startUpload(ledger.repository, query, { headers, body }));
  }
  await sendToUpload(client, blob, shape, await startUpload(client));
}

/** Begins an upload and gives its location. */
export async function startUpload({ world, oci, ledger }: Client): Promise<string> {
  const started = await world.request('starting an upload', () => oci.startUpload(ledger.repository));
  world.expect('starting an upload', started, 202);
  return locationOf(started);
}

/** Sends a whole blob to an upload that nothing was sent to. */
export async function sendToUpload(
  client: Client,
  blob: TestBlob,
  shape: Exclude<BlobShape, 'post'>,
  location: string,
): Promise<void> {
  const { oci } = client;
  const bytes = await readBlob(blob);
  if (shape === 'put') return await sealBlob(client, blob, () => oci.finishUpload(location, blob.digest, bytes));
  const middle = shape === 'chunks' ? Math.ceil(bytes.byteLength / 2) : 0;
  if (shape === 'stream') await patch(client, () => oci.patchUpload(location, openBlob(blob)));
  else await patch(client, () => oci.patchUpload(location, bytes.subarray(0, middle), 0));
  if (shape === 'stream') return await sealBlob(client, blob, () => oci.finishUpload(location, blob.digest));
  await sealBlob(client, blob, () => oci.finishUpload(location, blob.digest, bytes.subarray(middle)));
}

/** Sends the request that makes an upload a blob, which must be accepted unless `excuse` explains the answer. */
export async function sealBlob(
  client: Client,
  blob: TestBlob,
  send: () => Promise<OciResponse>,
  excuse: (answer: OciResponse) => boolean = () => false,
): Promise<void> {
  const { world, ledger } = client;
  const begun = Date.now();
  ledger.blobs.mayReturn(blob.digest);
  const answer = await change(client, sealing, send);
  if (excuse(answer)) return;
  if (!world.expect('sealing a blob', answer, 201)) return;
  world.damaged.delete(blob.digest);
  ledger.blobs.keep(blob, begun + world.gracePeriod);
}

/** Asks whether a blob is there, as clients do before they send it. Which keeps it for half of the grace period at least. */
export async function askForBlob({ world, oci, ledger }: Client, blob: TestBlob): Promise<boolean> {
  const begun = Date.now();
  const found = await world.request('reading', () => oci.headBlob(ledger.repository, blob.digest));
  if (!world.expect('asking for a blob', found, 200, 404) || found.status === 404) return false;
  if (ledger.blobs.gone.includes(blob.digest)) world.violate(`${blob.digest} was deleted and is back`);
  ledger.blobs.keep(blob, begun + world.gracePeriod / 2);
  return true;
}

/** Mounts a blob from another repository, or sends it when it is not there. */
export async function mountBlob(client: Client, blob: TestBlob, from: string): Promise<void> {
  const { world, oci, ledger } = client;
  const begun = Date.now();
  ledger.blobs.mayReturn(blob.digest);
  const mounted = await change(client, mounting, () => oci.mountBlob(ledger.repository, blob.digest, from));
  if (!world.expect('mounting a blob', mounted, 201, 202)) return;
  if (mounted.status === 202) return await sendToUpload(client, blob, 'put', locationOf(mounted));
  world.count('blobs mounted');
  ledger.blobs.keep(blob, begun + world.gracePeriod);
}

/** Deletes a blob that no manifest of the repository references. */
export async function deleteBlob(client: Client, blob: TestBlob): Promise<void> {
  const { world, oci, ledger } = client;
  const held = ledger.blobs.holds(blob.digest, Date.now() + 1_000);
  ledger.blobs.release(blob.digest);
  const answer = await change(client, deleting, () => oci.deleteBlob(ledger.repository, blob.digest));
  if (!world.expect('deleting a blob', answer, 202, ...(held ? [] : [404]))) return;
  ledger.blobs.deleted(blob.digest);
}

async function patch({ world }: Client, send: () => Promise<OciResponse>): Promise<void> {
  world.expect('sending a part', await world.request('sending bytes', send), 202);
}
