import type { Repositories } from '../../facets/repositories.ts';
import { unknownRepository } from '../../rejections.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';
import { removeRows } from './remove-rows.ts';

/** Rows that are removed at once: most repositories have fewer. */
const removedAtOnce = 500;

interface Figures {
  readonly id: number;
  readonly manifests: number;
  readonly tags: number;
}

const lock = `SELECT id, manifest_count AS manifests, tag_count AS tags FROM repositories WHERE name = $1 FOR UPDATE`;
const lockUploads = 'SELECT uuid FROM uploads WHERE repository_id = $1 FOR UPDATE';
const trashPieces = `INSERT INTO blob_trash (locator, size, attempts, kind, trashed_at)
  SELECT p.locator, p.size, 0, 'piece', $2 FROM uploads u JOIN upload_pieces p ON p.upload = u.uuid
  WHERE u.repository_id = $1 ORDER BY p.locator ON CONFLICT DO NOTHING`;
// No name has a tilde, so nothing finds the repository any more, and another can have its name.
const hide = `UPDATE repositories SET name = '~' || id, deleted_at = $2 WHERE id = $1`;

export const deleteRepository: Operation<Repositories['delete']> = (connection) => {
  return (input) =>
    connection.write(input, async (tx) => {
      const { repository, reviewAfter, now, limit = removedAtOnce } = input;
      const [found] = await tx.query<Figures>(lock, [repository]);
      if (found === undefined) throw unknownRepository(repository);
      const { id, manifests, tags } = found;
      await tx.query(lockUploads, [id]);
      await tx.run(trashPieces, [id, now]);
      await tx.run('DELETE FROM uploads WHERE repository_id = $1', [id]);
      await tx.run(hide, [id, now]);
      await removeRows(tx, id, { reviewAfter, limit });
      const details = { manifests: `${manifests}`, tags: `${tags}` };
      await recordEvent(tx, input, { type: 'repo_deleted', repository, details });
    });
};

/** Another process may be at the same repository, and this one takes the next. */
const next = `SELECT id FROM repositories WHERE deleted_at IS NOT NULL ORDER BY deleted_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`;

export const removeDeleted: Operation<Repositories['removeDeleted']> = (connection) => {
  return ({ reviewAfter, limit }) =>
    connection.write(undefined, async (tx) => {
      let removed = 0;
      while (removed < limit) {
        const [row] = await tx.query<{ id: number }>(next);
        if (row === undefined) break;
        removed += await removeRows(tx, row.id, { reviewAfter, limit: limit - removed });
      }
      return { removed };
    });
};
