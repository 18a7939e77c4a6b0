import type { ListedManifest, ManifestSummary } from '../../facets/manifests.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { RecordRow } from './find-manifest.ts';

/** A page of a thousand manifests of this size is what one response may hold in memory. */
export const maxListedContent = 64 * 1024;

/** A manifest in a list, with its annotations where they are kept. */
export interface ListedRow extends RecordRow {
  readonly annotations: Readonly<Record<string, string>> | null;
  readonly content: Uint8Array | null;
}

/** The manifest in a row of a list. */
export function listedOf(row: ListedRow): ListedManifest {
  return withoutNulls(row);
}

/** What `keep_summary` takes: the config's media type, platforms and annotations; nothing of a summary that is not known. */
export function summaryValues(summary: ManifestSummary | undefined): (string | null)[] {
  if (summary === undefined) return [null, null, null];
  const { configMediaType = null, platforms, annotations } = summary;
  return [configMediaType, platforms === undefined ? null : JSON.stringify(platforms), JSON.stringify(annotations)];
}
