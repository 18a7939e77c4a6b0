import { locationOf, type OciResponse, readBlob, type TestBlob } from '@mcr/testkit';
import type { OpenUpload } from '../model/open-upload.ts';
import { sealBlob, startUpload } from './blobs.ts';
import type { Client } from './client.ts';

/** Begins an upload that other steps are to continue. */
export async function beginUpload(client: Client, blob: TestBlob): Promise<void> {
  const begun = Date.now();
  const location = await startUpload(client);
  client.ledger.uploads.push({ blob, location, offset: 0, sent: 0, until: begun + client.world.uploadTtl });
}

/** Sends the next part, of which the server takes what it gets. */
export async function continueUpload({ world, oci, ledger }: Client, upload: OpenUpload, size: number): Promise<void> {
  const begun = Date.now();
  const bytes = await readBlob(upload.blob);
  const part = bytes.subarray(upload.offset, upload.offset + size);
  upload.sent = upload.offset + part.byteLength;
  const answer = await world.request('sending bytes', () => oci.patchUpload(upload.location, part, upload.offset));
  if (hasExpired(upload, answer)) return ledger.forget(upload);
  if (!world.expect('continuing an upload', answer, 202)) return;
  upload.offset = upload.sent;
  upload.location = locationOf(answer);
  upload.until = begun + world.uploadTtl;
}

/** Sends what is left, and makes the upload a blob. */
export async function finishUpload(client: Client, upload: OpenUpload): Promise<void> {
  const { oci, ledger } = client;
  const bytes = await readBlob(upload.blob);
  const rest = upload.offset === bytes.byteLength ? undefined : bytes.subarray(upload.offset);
  upload.sent = bytes.byteLength;
  upload.ending = 'finish';
  await sealBlob(
    client,
    upload.blob,
    () => oci.finishUpload(upload.location, upload.blob.digest, rest),
    (answer) => hasExpired(upload, answer),
  );
  ledger.forget(upload);
}

/** Gives an upload up. */
export async function cancelUpload({ world, oci, ledger }: Client, upload: OpenUpload): Promise<void> {
  upload.ending = 'cancel';
  const answer = await world.request('deleting', () => oci.cancelUpload(upload.location));
  if (hasExpired(upload, answer) || world.expect('canceling an upload', answer, 204)) ledger.forget(upload);
}

/** Whether an upload is not there any more because nobody touched it for too long. */
function hasExpired({ until }: OpenUpload, { status }: OciResponse): boolean {
  return status === 404 && Date.now() > until;
}
