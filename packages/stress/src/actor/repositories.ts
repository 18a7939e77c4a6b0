import { emptyRepository } from '../model/repository-state.ts';
import { type Change, type Client, change, rest } from './client.ts';

const deleting: Change = { phase: 'deleting', event: 'repo_deleted', acknowledgment: 204 };

/** Deletes the client's repository, which is there, with everything in it: also leased blobs and open uploads. */
export async function deleteRepository(client: Client): Promise<void> {
  const { ledger, world } = client;
  const { blobs, uploads, state } = ledger;
  state.attempt(emptyRepository);
  for (const { digest } of blobs.blobs) blobs.release(digest);
  for (const upload of uploads) upload.ending = 'cancel';
  const path = `/v1/repositories/${encodeURIComponent(ledger.repository)}`;
  const answer = await change(client, deleting, () => rest(client, 'DELETE', path));
  if (!world.expect('deleting a repository', answer, 204)) return state.refused();
  world.count('repositories deleted');
  state.accepted();
  for (const { digest } of blobs.blobs) blobs.deleted(digest);
  for (const upload of uploads.slice()) ledger.forget(upload);
}
