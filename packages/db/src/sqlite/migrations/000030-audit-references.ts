import type { Migration } from './migration.ts';

/** The tag that an event names: pulls name what they were made by, which may be a digest as well. */
const tag = `coalesce(json_extract(details, '$.tag'), json_extract(details, '$.reference'))`;

/**
 * Events by tag and by digest. Of digests the first 64 bits, which are written for every pull; the rest is compared with the row.
 */
export const auditReferences: Migration = {
  id: 30,
  name: 'audit-references',
  sql: `
    CREATE INDEX audit_log_by_digest ON audit_log (substr(digest, 8, 16), event_type) WHERE digest IS NOT NULL;
    CREATE INDEX audit_log_by_tag ON audit_log (repository, ${tag}, event_type) WHERE instr(${tag}, ':') = 0;
  `,
};
