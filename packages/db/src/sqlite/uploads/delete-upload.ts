import { eq, sql } from 'drizzle-orm';
import type { Uploads } from '../../facets/uploads.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { uploads } from '../schema/index.ts';

/** Deletes an upload's row; whether there was one. */
export function prepareDeleteUpload({ db }: Connection): (id: string) => boolean {
  const statement = db
    .delete(uploads)
    .where(eq(uploads.id, sql.placeholder('id')))
    .prepare();
  return (id) => statement.run({ id }).changes > 0;
}

export const deleteUpload: Operation<Uploads['delete']> = (connection) => {
  const remove = prepareDeleteUpload(connection);
  return (id) => connection.writeTogetherUnremembered(() => remove(id));
};
