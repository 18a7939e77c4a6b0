import { attachmentPatterns, attachmentTagEnds } from '@mcr/core';
import type { TagFilter } from '../../facets/tags.ts';
import { inService } from '../manifests/find-manifest.ts';
import { maxListedContent } from '../manifests/summary-rows.ts';

/** Whether a list shows what the content of a manifest says: as long as that is not filled in, it is read for it. */
export const isShown = `m.size <= ${maxListedContent} AND ${inService}`;

/** What refers to a manifest `m`, of which the first hundred are looked at, and the tags that cosign gives what belongs to it. */
export const types = `ARRAY(SELECT DISTINCT coalesce(a.artifact_type, '') FROM (SELECT artifact_type FROM manifests
    WHERE repository_id = $1 AND subject_digest = m.digest ORDER BY digest LIMIT 100) a)`;
export const attachedTags = (ends: readonly string[]) =>
  `ARRAY(SELECT a.name FROM tags a WHERE a.repository_id = $1
    AND a.name = ANY (ARRAY[${ends.map((end) => `replace(m.digest, ':', '-') || '${end}'`).join(', ')}]))`;
const isSigned = `(array_to_string(${types}, ' ') ~ '${attachmentPatterns.signature.source}'
  OR cardinality(${attachedTags([attachmentTagEnds.signature ?? ''])}) > 0)`;

/** What a filter says, as parameters of a statement: part of the name, pattern, time, platform, and whether there is a signature. */
type Parameters = readonly [search: string, match: string, updatedBefore: string, platform: string, signed: string];

/** Conditions of a tag `t` of the repository $1: what a filter says of names and times, and of manifests where it says anything of those. */
export function conditionsOf([search, match, updatedBefore, platform, signed]: Parameters) {
  const hasPlatform = `EXISTS (SELECT 1 FROM json_array_elements_text(s.platforms) p
    WHERE p = ${platform} OR starts_with(p, ${platform} || '/'))`;
  return {
    fits: `strpos(lower(t.name), ${search}) > 0 AND t.name LIKE ${match} AND t.updated_at < ${updatedBefore}`,
    manifestFits: `(${platform}::text IS NULL AND ${signed}::boolean IS NULL OR EXISTS (SELECT 1 FROM manifests m
    LEFT JOIN manifest_summaries s ON s.manifest_id = m.id WHERE m.id = t.manifest_id
      AND (${platform}::text IS NULL OR ${isShown} AND ${hasPlatform}) AND (${signed}::boolean IS NULL OR ${isSigned} = ${signed})))`,
  };
}

/** The values of these parameters. */
export function conditionValues(filter: TagFilter) {
  const { search = '', match = '*', updatedBefore = Number.MAX_SAFE_INTEGER, platform = null, signed = null } = filter;
  return [search.toLowerCase(), likeOf(match), updatedBefore, platform, signed] as const;
}

/** A pattern with `*` and `?` as `LIKE` has it. */
function likeOf(pattern: string): string {
  return pattern
    .replaceAll(/[\\%_]/g, String.raw`\$&`)
    .replaceAll('*', '%')
    .replaceAll('?', '_');
}
