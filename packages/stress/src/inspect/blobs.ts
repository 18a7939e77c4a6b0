import type { Client } from '../actor/client.ts';
import { pullBlob } from './repositories.ts';

/** Looks for every blob that the registry has promised to keep, and for those that it said are gone. */
export async function inspectBlobs(client: Client): Promise<void> {
  const { ledger, world, oci } = client;
  for (const blob of ledger.blobs.blobs) {
    if (ledger.isReferenced(blob.digest)) continue;
    const isThere = await pullBlob(client, blob);
    const isPromised = ledger.blobs.holds(blob.digest, Date.now());
    if (isPromised && !isThere) world.violate(`${blob.digest} was acknowledged in ${ledger.repository} and is gone`);
    if (!isPromised) ledger.blobs.forget(blob.digest);
  }
  for (const digest of ledger.blobs.gone) {
    const answer = await oci.headBlob(ledger.repository, digest);
    if (answer.status !== 404) world.violate(`${digest} was deleted from ${ledger.repository} and is back`);
  }
}
