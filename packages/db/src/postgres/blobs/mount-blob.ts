import type { BlobRecord, Blobs } from '../../facets/blobs.ts';
import { eventOf } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';

interface Mounted {
  readonly made: { readonly result: BlobRecord } | null;
}

export const mountBlob: Operation<Blobs['mount']> = (connection) => {
  const text = 'SELECT mount_blob($1, $2, $3, $4, $5, $6, $7, $8) AS made';
  return async (input) => {
    const { from, repository, digest, leasedUntil, reviewAfter, now } = input;
    const event = eventOf(input, { type: 'blob_mounted', repository, digest, details: { from } });
    const values = [from, repository, digest, leasedUntil, reviewAfter, now, event];
    const [mounted] = await connection.call<Mounted>(input, text, values);
    return mounted?.made?.result;
  };
};
