import type { Blobs } from '../../facets/blobs.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';

const mark = `UPDATE blobs SET damage = $3, quarantined_at = $4 WHERE locator = $1 AND digest = $2 AND damage IS NULL`;
const unmark = 'UPDATE blobs SET damage = NULL, quarantined_at = NULL WHERE locator = $1 AND damage IS NOT NULL';

export const quarantineBlob: Operation<Blobs['quarantine']> = (connection) => {
  return (input) =>
    connection.write(input, async (tx) => {
      const { digest, locator, damage, now } = input;
      if ((await tx.run(mark, [locator, digest, damage, now])) === 0) return false;
      await recordEvent(tx, input, { type: 'blob_quarantined', digest, details: { damage } });
      return true;
    });
};

export const releaseBlob: Operation<Blobs['release']> = (connection) => {
  return (input) =>
    connection.write(input, async (tx) => {
      const { digest, locator } = input;
      if ((await tx.run(unmark, [locator])) === 0) return false;
      await recordEvent(tx, input, { type: 'blob_released', digest });
      return true;
    });
};

export const countQuarantined: Operation<Blobs['countQuarantined']> = (connection) => {
  return async () => {
    const [total] = await connection.query<{ n: number }>('SELECT sum(quarantined) AS n FROM totals');
    return total?.n ?? 0;
  };
};
