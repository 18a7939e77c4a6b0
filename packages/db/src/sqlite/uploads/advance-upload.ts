import { and, eq, sql } from 'drizzle-orm';
import type { Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../facet.ts';
import { uploads } from '../schema/index.ts';
import { selectUploads, toUpload } from './uploads.ts';

export const advanceUpload: Operation<Uploads['advance']> = ({ db, writeTogetherUnremembered }) => {
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

  return ({ id, version, offset, sha256AtOffset, now }) =>
    writeTogetherUnremembered(() => {
      const { changes } = update.run({ id, version, offset, sha256AtOffset: sha256AtOffset ?? null, now });
      const row = changes === 1 ? select.get({ id }) : undefined;
      return row && toUpload(row);
    });
};
