import { asc, gt, sql } from 'drizzle-orm';
import type { Inspection } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { uploads } from '../schema/index.ts';
import { selectUploads, toUpload } from '../uploads/uploads.ts';

export const inspectUploads: Operation<Inspection['listUploads']> = ({ db }) => {
  const statement = selectUploads(db, gt(uploads.id, sql.placeholder('after')))
    .orderBy(asc(uploads.id))
    .limit(sql.placeholder('limit'))
    .prepare();
  return ({ after = '', limit }) => statement.all({ after, limit: pageLimit(limit) }).map(toUpload);
};
