import { eq, sql } from 'drizzle-orm';
import type { Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../operation.ts';
import { uploads } from '../schema/index.ts';
import { selectUploads, toUpload } from './upload-row.ts';

export const getUpload: Operation<Uploads['get']> = ({ db }) => {
  const statement = selectUploads(db, eq(uploads.id, sql.placeholder('id'))).prepare();
  return (id) => {
    const row = statement.get({ id });
    return row && toUpload(row);
  };
};
