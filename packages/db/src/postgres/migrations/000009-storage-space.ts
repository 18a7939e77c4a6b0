import type { Migration } from './migration.ts';

/**
 * What SQLite has since its schema 31: bytes that repositories share, whose id is a stripe as in `totals`, and what was stored at the end
 * of each day. The trigger comes first, so that its lock keeps what is counted then from changing.
 */
export const storageSpace: Migration = {
  id: 9,
  name: 'storage-space',
  worksWith: 1,
  sql: `
    CREATE TABLE shared_bytes (
      id bigint PRIMARY KEY,
      bytes bigint NOT NULL
    ) WITH (fillfactor = 50);
    CREATE FUNCTION shared_bytes_counted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE shared_bytes SET bytes = bytes + CASE WHEN NEW.repository_count > 1 THEN NEW.size ELSE -NEW.size END WHERE id = stripe();
      RETURN NULL;
    END $$;
    CREATE TRIGGER blob_shared AFTER UPDATE OF repository_count ON blobs FOR EACH ROW
      WHEN ((NEW.repository_count > 1) <> (OLD.repository_count > 1)) EXECUTE FUNCTION shared_bytes_counted();
    INSERT INTO shared_bytes SELECT stripe, CASE WHEN stripe = 0
      THEN (SELECT coalesce(sum(size), 0)::bigint FROM blobs WHERE repository_count > 1) ELSE 0 END FROM generate_series(0, 1023) stripe;

    CREATE TABLE storage_samples (
      day bigint PRIMARY KEY,
      stored_bytes bigint NOT NULL,
      used_bytes bigint
    );
  `,
};
