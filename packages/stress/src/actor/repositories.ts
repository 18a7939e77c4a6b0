import { emptied } from '../model/repository.ts';
import { type Change, type Client, change, rest } from './client.ts';

const deleting: Change = { phase: 'deleting', events: ['repo_deleted'], acknowledgment: 204 };

/** Deletes the repository, which is there, with everything in it: also leased blobs and open uploads. */
export async function deleteRepository(client: Client): Promise<void> {
  const { ledger, world } = client;
  const { repository, uploads, images } = ledger;
  const gone = [...ledger.now.manifests.keys()].flatMap((digest) => images.get(digest) ?? []);
  for (const upload of uploads) upload.ending = 'cancel';
  const settle = ledger.attempt(emptied);
  const path = `/v1/repositories/${encodeURIComponent(repository)}`;
  const response = await world.deletions.run(repository, [''], () =>
    change(client, deleting, settle, () => rest(client, 'DELETE', path)),
  );
  if (!world.expect(`deleting ${repository}`, response, 204, ...(ledger.isShared ? [404] : []))) return;
  world.count('repositories deleted');
  world.rememberDeleted(...gone);
  for (const upload of uploads.slice()) ledger.forget(upload);
}
