import { fillLayers } from '../../common/counted-layers.ts';
import type { Migration } from './migration.ts';

const row = `repository_id = old.repository_id AND (size, digest) = (SELECT size, digest FROM blobs WHERE id = old.blob_id)`;

/**
 * What the manifests of a repository reference, in the order of lists. The key is that order, so that the table needs no index beside it.
 * Triggers keep it, so that an older server keeps it as well.
 */
export const repositoryLayers: Migration = {
  id: 33,
  name: 'repository-layers',
  sql: `
    CREATE TABLE repository_layers (
      repository_id INTEGER NOT NULL,
      size INTEGER NOT NULL,
      digest TEXT NOT NULL,
      blob_id INTEGER NOT NULL,
      images INTEGER NOT NULL,
      PRIMARY KEY (repository_id, size DESC, digest)
    ) STRICT, WITHOUT ROWID;
    ${fillLayers};

    CREATE TRIGGER layer_gains_image AFTER INSERT ON manifest_blobs BEGIN
      INSERT INTO repository_layers (repository_id, size, digest, blob_id, images)
      SELECT new.repository_id, size, digest, id, 1 FROM blobs WHERE id = new.blob_id
      ON CONFLICT (repository_id, size, digest) DO UPDATE SET images = images + 1;
    END;
    CREATE TRIGGER layer_loses_image AFTER DELETE ON manifest_blobs BEGIN
      UPDATE repository_layers SET images = images - 1 WHERE ${row};
      DELETE FROM repository_layers WHERE ${row} AND images = 0;
    END;
  `,
};
