import type { Migration } from './migration.ts';

/** The tag that an event names: pulls name what they were made by, which may be a digest as well. */
const tag = `coalesce(details ->> 'tag', details ->> 'reference')`;

/** What SQLite has since its schema 30: events by tag and by digest, of which the first 64 bits. */
export const auditReferences: Migration = {
  id: 8,
  name: 'audit-references',
  worksWith: 1,
  sql: `
    CREATE INDEX audit_log_by_digest ON audit_log (substr(digest, 8, 16), event_type, id) WHERE digest IS NOT NULL;
    CREATE INDEX audit_log_by_tag ON audit_log (repository, (${tag}), event_type, id) WHERE strpos(${tag}, ':') = 0;
  `,
};
