import { asc, lt } from 'drizzle-orm';
import type { Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../operation.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { uploads } from '../schema/index.ts';
import { selectUploads, toUpload } from './upload-row.ts';

export const listIdleUploads: Operation<Uploads['listIdle']> =
  ({ db }) =>
  ({ touchedBefore, limit }) =>
    selectUploads(db, lt(uploads.touchedAt, touchedBefore))
      .orderBy(asc(uploads.touchedAt), asc(uploads.id))
      .limit(pageLimit(limit))
      .all()
      .map(toUpload);
