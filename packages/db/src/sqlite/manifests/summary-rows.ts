import type { ListedManifest, ManifestRecord, ManifestSummary } from '../../facets/manifests.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import { manifestSummaries } from '../schema/index.ts';

/** What the row of a summary holds, as JSON. */
export interface SummaryRow {
  readonly configMediaType: string | null;
  readonly platforms: string | null;
  readonly annotations: string | null;
}

/** A manifest in a list, with its annotations as JSON. */
export interface ListedRow extends Omit<ManifestRecord, 'artifactType' | 'subject'> {
  readonly artifactType: string | null;
  readonly subject: string | null;
  readonly annotations: string | null;
  readonly content: Uint8Array | null;
}

/** Columns of a `SummaryRow`. */
export const summaryColumns = {
  configMediaType: manifestSummaries.configMediaType,
  platforms: manifestSummaries.platforms,
  annotations: manifestSummaries.annotations,
};

/** Reads annotations from their column; `undefined` where they are not filled in. */
function annotationsOf(text: string | null): Readonly<Record<string, string>> | undefined {
  return text === null ? undefined : JSON.parse(text);
}

/** Reads platforms from their column; `undefined` where they are not filled in. */
export function platformsOf(text: string | null): readonly string[] | undefined {
  return text === null ? undefined : JSON.parse(text);
}

/** The manifest in a row of a list. */
export function listedOf({ annotations: text, ...row }: ListedRow): ListedManifest {
  const annotations = annotationsOf(text);
  return { ...withoutNulls(row), ...(annotations !== undefined && { annotations }) };
}

/** The summary in a row; `undefined` where it is not filled in. */
export function summaryOf({ configMediaType, platforms, annotations }: SummaryRow): ManifestSummary | undefined {
  const kept = { annotations: annotationsOf(annotations), platforms: platformsOf(platforms) };
  if (kept.annotations === undefined) return undefined;
  return {
    annotations: kept.annotations,
    ...(configMediaType !== null && { configMediaType }),
    ...(kept.platforms !== undefined && { platforms: kept.platforms }),
  };
}

/**
 * Keeps the summary of a manifest, or makes a row to be filled in later without one. Platforms that are not known now
 * replace none; a row that is right already is not written.
 */
export type KeepSummary = (manifestId: number, summary: ManifestSummary | undefined) => void;

export function prepareKeepSummary({ sqlite }: Connection): KeepSummary {
  const reserve = sqlite.prepare('INSERT INTO manifest_summaries (manifest_id) VALUES (?) ON CONFLICT DO NOTHING');
  const keep = sqlite.prepare(`
    INSERT INTO manifest_summaries (manifest_id, config_media_type, platforms, annotations) VALUES (?, ?, ?, ?)
    ON CONFLICT (manifest_id) DO UPDATE SET config_media_type = excluded.config_media_type,
      platforms = coalesce(excluded.platforms, platforms), annotations = excluded.annotations
    WHERE config_media_type IS NOT excluded.config_media_type OR annotations IS NOT excluded.annotations
      OR platforms IS NOT coalesce(excluded.platforms, platforms)`);
  return (manifestId, summary) => {
    if (summary === undefined) {
      reserve.run(manifestId);
      return;
    }
    const { configMediaType = null, platforms, annotations } = summary;
    const platformsText = platforms === undefined ? null : JSON.stringify(platforms);
    keep.run(manifestId, configMediaType, platformsText, JSON.stringify(annotations));
  };
}
