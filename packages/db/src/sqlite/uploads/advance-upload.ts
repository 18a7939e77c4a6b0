import { and, eq, sql } from 'drizzle-orm';
import type { LastPiece, UploadPieceRecord, Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../facet.ts';
import { prepareAssertNotTrashed } from '../gc/swept-locators.ts';
import { uploads } from '../schema/index.ts';
import { selectUploads, toUpload } from './uploads.ts';

export const advanceUpload: Operation<Uploads['advance']> = (connection) => {
  const { db, sqlite, writeTogetherUnremembered } = connection;
  const assertNotTrashed = prepareAssertNotTrashed(connection);
  const select = selectUploads(db, eq(uploads.id, sql.placeholder('id'))).prepare();
  const update = db
    .update(uploads)
    .set({
      offset: sql`${sql.placeholder('offset')}`,
      sha256AtOffset: sql`${sql.placeholder('sha256AtOffset')}`,
      version: sql`${uploads.version} + 1`,
      touchedAt: sql`${sql.placeholder('now')}`,
    })
    .where(and(eq(uploads.id, sql.placeholder('id')), eq(uploads.version, sql.placeholder('version'))))
    .prepare();
  const add = sqlite.prepare('INSERT INTO upload_pieces (upload, position, locator, size) VALUES (?, ?, ?, ?)');
  const extend = sqlite.prepare('UPDATE upload_pieces SET size = ? WHERE upload = ? AND position = ?');

  /** The piece as the last one of the upload. */
  function record(upload: string, last: LastPiece | undefined, { locator, size }: UploadPieceRecord): LastPiece {
    if (last?.locator === locator) {
      extend.run(size, upload, last.position);
      return { ...last, size };
    }
    assertNotTrashed(locator);
    const position = last === undefined ? 0 : last.position + 1;
    add.run(upload, position, locator, size);
    return { position, locator, size };
  }

  return ({ id, version, offset, piece, sha256AtOffset, now }) =>
    writeTogetherUnremembered(() => {
      const { changes } = update.run({ id, version, offset, sha256AtOffset: sha256AtOffset ?? null, now });
      const row = changes === 1 ? select.get({ id }) : undefined;
      if (row === undefined) return undefined;
      const upload = toUpload(row);
      return piece === undefined ? upload : { ...upload, last: record(id, upload.last, piece) };
    });
};
