import type { OciResponse } from '@mcr/testkit';
import type { Client } from '../actor/client.ts';
import type { OpenUpload } from '../model/open-upload.ts';

/** Looks where every open upload stands; the next steps continue from there. */
export async function inspectUploads(client: Client): Promise<void> {
  const { ledger, oci } = client;
  for (const upload of ledger.uploads.slice()) inspectUpload(client, upload, await oci.uploadStatus(upload.location));
}

function inspectUpload({ world, ledger }: Client, upload: OpenUpload, response: OciResponse): void {
  if (!world.expect('asking for an upload', response, 204, 404)) return;
  if (response.status === 404) {
    const mayBeGone = upload.ending !== undefined || Date.now() > upload.until;
    if (!mayBeGone) world.violate(`an upload of ${ledger.repository} is gone before its time`);
    return ledger.forget(upload);
  }
  const offset = offsetOf(response, upload);
  if (offset < upload.offset || offset > upload.sent) {
    world.violate(`an upload stands at ${offset}, acknowledged are ${upload.offset}, sent ${upload.sent}`);
  }
  if (offset > 0) world.count('uploads resumable after a kill');
  upload.offset = offset;
  upload.sent = offset;
  delete upload.ending;
}

/** `Range: 0-0` says that there is one byte, or none. */
function offsetOf(response: OciResponse, { offset, sent }: OpenUpload): number {
  const last = Number(/^0-(\d+)$/.exec(response.header('range') ?? '')?.[1]);
  if (last > 0) return last + 1;
  return offset === 1 || (offset === 0 && sent === 1) ? offset : 0;
}
