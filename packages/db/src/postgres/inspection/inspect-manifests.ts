import type { InspectedManifest, Inspection } from '../../facets/inspection.ts';
import type { ManifestSummary } from '../../facets/manifests.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';

/** One statement and so one moment. */
const slice = `SELECT m.id, r.name AS repository, m.digest, m.media_type AS "mediaType", m.size, m.artifact_type AS "artifactType",
    m.subject_digest AS subject, m.created_at AS "createdAt", m.content, s.config_media_type AS "configMediaType", s.platforms,
    s.annotations, EXISTS (SELECT 1 FROM damaged_manifests d WHERE d.manifest_id = m.id) AS quarantined,
    ARRAY(SELECT b.digest FROM manifest_blobs x JOIN blobs b ON b.id = x.blob_id WHERE x.manifest_id = m.id ORDER BY b.id) AS blobs,
    ARRAY(SELECT c.child_digest FROM manifest_children c WHERE c.parent_id = m.id ORDER BY c.child_digest) AS children
  FROM manifests m JOIN repositories r ON r.id = m.repository_id LEFT JOIN manifest_summaries s ON s.manifest_id = m.id
  WHERE m.id > $1 AND r.deleted_at IS NULL ORDER BY m.id LIMIT $2`;

interface Row extends Omit<InspectedManifest, 'summary'> {
  readonly configMediaType: string | null;
  readonly platforms: readonly string[] | null;
  readonly annotations: ManifestSummary['annotations'] | null;
}

export const inspectManifests: Operation<Inspection['listManifests']> =
  (connection) =>
  async ({ after = 0, limit }) =>
    (await connection.query<Row>(slice, [after, pageLimit(limit)])).map(
      ({ configMediaType, platforms, annotations, ...row }) => ({
        ...(withoutNulls(row) as InspectedManifest),
        ...(annotations !== null && { summary: withoutNulls({ annotations, configMediaType, platforms }) }),
      }),
    );

const lastEvent = `SELECT id, at FROM audit_log WHERE event_type = $1 AND repository = $2 AND digest = $3 ORDER BY id DESC LIMIT 1`;
const made = `SELECT m.created_at AS at FROM manifests m JOIN repositories r ON r.id = m.repository_id WHERE r.name = $1 AND m.digest = $2`;

export const wasBlobDeleted: Operation<Inspection['wasBlobDeleted']> =
  (connection) =>
  ({ repository, digest, manifest }) =>
    connection.read(async (tx) => {
      const last = async (type: string, subject: string) => {
        const [event] = await tx.query<{ id: number; at: number }>(lastEvent, [type, repository, subject]);
        return event;
      };
      const deleted = await last('blob_deleted', digest);
      if (deleted === undefined) return false;
      const pushed = await last('manifest_pushed', manifest);
      // Changes of one repository wait for each other, so that their ids are in order.
      if (pushed !== undefined) return deleted.id > pushed.id;
      // The event of the push may have been exported; deletions stay in the log.
      const [created] = await tx.query<{ at: number }>(made, [repository, manifest]);
      return deleted.at >= (created?.at ?? 0);
    });
