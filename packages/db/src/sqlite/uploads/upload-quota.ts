import { and, eq, gte, sql } from 'drizzle-orm';
import type { UploadQuota, Uploads } from '../../facets/uploads.ts';
import { tooManyUploads } from '../../rejections.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { uploads } from '../schema/index.ts';

/** Throws `TOOMANYREQUESTS` when the account has as many uploads as it may. */
export function prepareCheckQuota({ db }: Connection): (createdBy: string, quota: UploadQuota) => void {
  const statement = db
    .select({ count: sql<number>`count(*)` })
    .from(uploads)
    .where(
      and(eq(uploads.createdBy, sql.placeholder('createdBy')), gte(uploads.touchedAt, sql.placeholder('touchedSince'))),
    )
    .prepare();
  return (createdBy, quota) => {
    const count = statement.get({ createdBy, touchedSince: quota.touchedSince })?.count ?? 0;
    if (count < quota.uploads) return;
    throw tooManyUploads(count);
  };
}

export const uploadedBytes: Operation<Uploads['recordedBytes']> = ({ db }) => {
  const statement = db
    .select({ bytes: sql<number>`coalesce(sum(${uploads.offset}), 0)` })
    .from(uploads)
    .where(eq(uploads.createdBy, sql.placeholder('createdBy')))
    .prepare();
  return (createdBy) => statement.get({ createdBy })?.bytes ?? 0;
};
