/** What `repository_layers` has to have, of what references say; in SQL that every dialect has. */
const counted = `SELECT r.repository_id, b.size, b.digest, r.blob_id, r.images
  FROM (SELECT repository_id, blob_id, count(*) AS images FROM manifest_blobs GROUP BY repository_id, blob_id) r
  JOIN blobs b ON b.id = r.blob_id`;

/** Fills the table of layers, which is empty, with what references say. Migrations are made of it: it does not change. */
export const fillLayers = `INSERT INTO repository_layers (repository_id, size, digest, blob_id, images) ${counted}`;

const right = `(SELECT count(*) FROM repository_layers JOIN (${counted}) c USING (repository_id, size, digest, blob_id, images))`;

/** What is compared of layers: rows that are right with those that there should be, and rows that should not be there with none. */
export const layerFigures = [
  { figure: 'layers', kept: right, counted: `(SELECT count(*) FROM (${counted}) c)` },
  { figure: 'wrong layers', kept: `((SELECT count(*) FROM repository_layers) - ${right})`, counted: '0' },
] as const;
