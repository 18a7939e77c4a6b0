import type { Migration } from './migration.ts';

/**
 * What lists show of a manifest's content. Not columns of `manifests`: they would lie behind the content, whose pages
 * every reader would walk, and filling them would write all content again. The server fills them beside requests.
 */
export const manifestSummaries: Migration = {
  id: 18,
  name: 'manifest-summaries',
  sql: `
    CREATE TABLE manifest_summaries (
      manifest_id INTEGER PRIMARY KEY REFERENCES manifests (id) ON DELETE CASCADE,
      config_media_type TEXT,
      platforms TEXT,
      annotations TEXT
    ) STRICT;
    INSERT INTO manifest_summaries (manifest_id) SELECT id FROM manifests;
    CREATE INDEX manifest_summaries_to_fill ON manifest_summaries (manifest_id) WHERE platforms IS NULL;
  `,
};
