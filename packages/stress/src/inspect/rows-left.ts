import type { SharedStores } from '@mcr/testkit';

/** Rows in PostgreSQL that are meant to be gone after all times are over and a last collection. */
const remains = {
  'blobs without a manifest': 'blobs WHERE id NOT IN (SELECT blob_id FROM manifest_blobs)',
  uploads: 'uploads',
  pieces: 'upload_pieces',
  'blobs in the queue': 'gc_queue',
  'locators in the trash': 'blob_trash',
  links: 'blob_links',
  'deleted repositories': 'repositories WHERE deleted_at IS NOT NULL',
};

/** What is left of them, as text. */
export async function rowsLeft({ query }: Pick<SharedStores, 'query'>): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [what, from] of Object.entries(remains)) {
    const [row] = await query(`SELECT count(*)::int AS n FROM ${from}`);
    const left = Number(row?.['n']);
    if (left !== 0) problems.push(`${left} ${what} are left after the last collection`);
  }
  return problems;
}
