import type { Inspection } from '../../facets/inspection.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';
import { type InspectedRow, inspectedBlobs } from './inspect-blobs.ts';

const lock = `SELECT id FROM blobs WHERE locator = $1 FOR UPDATE`;
const byId = `${inspectedBlobs} WHERE b.id = $1`;
const queue = `SELECT queue_reviews($1, $2, 'reconcile')`;

export const reviewForgotten: Operation<Inspection['reviewForgotten']> =
  (connection) =>
  ({ locator, reviewAfter }) =>
    connection.write(undefined, async (tx) => {
      const [found] = await tx.query<{ id: number }>(lock, [locator]);
      if (found === undefined) return false;
      const [blob] = await tx.query<InspectedRow>(byId, [found.id]);
      if (blob?.forgotten !== true) return false;
      await tx.query(queue, [[blob.id], reviewAfter]);
      return true;
    });

const insert = `INSERT INTO blobs (digest, size, locator, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id`;

export const restoreBlob: Operation<Inspection['restoreBlob']> = (connection) => (input) => {
  const { digest, size, locator, reviewAfter, now } = input;
  return connection.write(input, async (tx) => {
    await tx.query('SELECT lock_locator($1)', [locator]);
    const [row] = await tx.query<{ id: number }>(insert, [digest, size, locator, now]);
    if (row === undefined) return false;
    await tx.query(queue, [[row.id], reviewAfter]);
    await tx.run('DELETE FROM blob_trash WHERE locator = $1', [locator]);
    await recordEvent(tx, input, { type: 'blob_released', digest });
    return true;
  });
};
