import { fillLayers } from '../../common/counted-layers.ts';
import type { Migration } from './migration.ts';

/**
 * What SQLite has since its schema 33: what the manifests of a repository reference, in the order of lists. What changes the references
 * of a repository holds its row, so that none waits for another here. The triggers come before the rows, so that their lock keeps
 * references from changing.
 */
export const repositoryLayers: Migration = {
  id: 11,
  name: 'repository-layers',
  worksWith: 1,
  sql: `
    CREATE TABLE repository_layers (
      repository_id bigint NOT NULL,
      size bigint NOT NULL,
      digest text COLLATE "C" NOT NULL,
      blob_id bigint NOT NULL,
      images bigint NOT NULL
    ) WITH (fillfactor = 80);
    CREATE FUNCTION layers_gain_images() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO repository_layers AS l (repository_id, size, digest, blob_id, images)
      SELECT a.repository_id, b.size, b.digest, b.id, count(*) FROM added a JOIN blobs b ON b.id = a.blob_id
      GROUP BY a.repository_id, b.id
      ON CONFLICT (repository_id, size, digest) DO UPDATE SET images = l.images + excluded.images;
      RETURN NULL;
    END $$;
    CREATE FUNCTION layers_lose_images() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      WITH lost AS (
        SELECT a.repository_id, b.size, b.digest, count(*) AS images FROM removed a JOIN blobs b ON b.id = a.blob_id
        GROUP BY a.repository_id, b.id
      ), gone AS (
        DELETE FROM repository_layers l USING lost x
        WHERE (l.repository_id, l.size, l.digest) = (x.repository_id, x.size, x.digest) AND l.images <= x.images
      )
      UPDATE repository_layers l SET images = l.images - x.images FROM lost x
      WHERE (l.repository_id, l.size, l.digest) = (x.repository_id, x.size, x.digest) AND l.images > x.images;
      RETURN NULL;
    END $$;
    CREATE TRIGGER layers_gain_images AFTER INSERT ON manifest_blobs REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION layers_gain_images();
    CREATE TRIGGER layers_lose_images AFTER DELETE ON manifest_blobs REFERENCING OLD TABLE AS removed
      FOR EACH STATEMENT EXECUTE FUNCTION layers_lose_images();
    ${fillLayers};
    CREATE UNIQUE INDEX repository_layers_by_size ON repository_layers (repository_id, size DESC, digest);
  `,
};
