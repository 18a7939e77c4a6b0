import { locationOf, type OciResponse, readBlob, type TestBlob } from '@mcr/testkit';
import type { OpenUpload } from '../model/open-upload.ts';
import { sealBlob, startUpload } from './blobs.ts';
import type { Client } from './client.ts';

/** Begins an upload that other steps are to continue. */
export async function beginUpload(client: Client, blob: TestBlob): Promise<void> {
  const { ledger, world, disturbed } = client;
  const until = Date.now() + world.uploadTtl;
  const location = await startUpload(client);
  if (location === undefined) return;
  ledger.uploads.push({ blob, location, offset: 0, sent: 0, until, disturbed });
}

/** Sends the next part, of which the server takes what it gets. */
export async function continueUpload({ world, oci, ledger }: Client, upload: OpenUpload, size: number): Promise<void> {
  const until = Date.now() + world.uploadTtl;
  const bytes = await readBlob(upload.blob);
  const part = bytes.subarray(upload.offset, upload.offset + size);
  upload.sent = upload.offset + part.byteLength;
  const response = await world.request('sending bytes', () => oci.patchUpload(upload.location, part, upload.offset));
  if (isGone(upload, response)) return ledger.forget(upload);
  if (!world.expect('continuing an upload', response, 202)) return;
  upload.offset = upload.sent;
  upload.location = locationOf(response);
  upload.until = until;
}

/** Sends what is left, and makes the upload a blob. */
export async function finishUpload(client: Client, upload: OpenUpload): Promise<void> {
  const { oci, ledger } = client;
  const bytes = await readBlob(upload.blob);
  const rest = upload.offset === bytes.byteLength ? undefined : bytes.subarray(upload.offset);
  upload.sent = bytes.byteLength;
  upload.ending = 'finish';
  const finish = () => oci.finishUpload(upload.location, upload.blob.digest, rest);
  await sealBlob(client, upload.blob, finish, (response) => isGone(upload, response));
  ledger.forget(upload);
}

/** Cancels an upload. */
export async function cancelUpload({ world, oci, ledger }: Client, upload: OpenUpload): Promise<void> {
  upload.ending = 'cancel';
  const response = await world.request('deleting', () => oci.cancelUpload(upload.location));
  if (isGone(upload, response) || world.expect('canceling an upload', response, 204)) ledger.forget(upload);
}

/** Whether an upload is not there any more because it was idle for too long, or went with its repository. */
function isGone({ until, disturbed }: OpenUpload, { status }: OciResponse): boolean {
  return status === 404 && (Date.now() > until || disturbed());
}
