import type { BlobRecord, Blobs } from '../../facets/blobs.ts';
import { eventOf } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';

interface Published {
  readonly made: { readonly result: BlobRecord };
}

export const publishBlob: Operation<Blobs['publish']> = (connection) => {
  const text = 'SELECT publish_blob($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS made';
  return async (input) => {
    const { repository, digest, size, locator, upload, leasedUntil, reviewAfter, now } = input;
    const event = eventOf(input, { type: 'blob_uploaded', repository, digest });
    const values = [
      repository,
      digest,
      size,
      locator,
      upload?.id,
      upload?.version,
      leasedUntil,
      reviewAfter,
      now,
      event,
    ];
    const [published] = await connection.call<Published>(input, text, values);
    return published!.made.result;
  };
};
