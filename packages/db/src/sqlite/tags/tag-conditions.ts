import { attachmentTagEnds, signatureTypes } from '@mcr/core';
import type { TagFilter } from '../../facets/tags.ts';
import { endOf } from '../../rows/pages.ts';
import type { Connection } from '../connection/connection.ts';
import { maxListedContent } from '../manifests/manifest-columns.ts';

/** Manifests that refer to one, of which the kinds are looked at. */
export const maxReferrers = 100;

/** Whether a list shows what the content of a manifest `m` says: as long as that is not filled in, it is read for it. */
export const isShown = `m.size <= ${maxListedContent} AND NOT EXISTS
  (SELECT 1 FROM damaged_manifests d WHERE d.manifest_id = m.id)`;

/** A filter as the parameters of the conditions below; what it says nothing of is `null`. */
export interface FilterParameters {
  readonly repositoryId: number;
  readonly match: string | null;
  readonly part: string | null;
  readonly updatedBefore: number | null;
  readonly platform: string | null;
  /** The platform as JSON has it within quotes. */
  readonly platformText: string | null;
  readonly signed: number | null;
  /** 0 where nothing in the repository can be a signature, so that no image is looked at for one. */
  readonly hasSignatures: number;
}

/** Whether a filter says anything. */
export function isFilter({ match, part, updatedBefore, platform, signed }: FilterParameters): boolean {
  return [match, part, updatedBefore, platform, signed].some((value) => value !== null);
}

/** Whether a name is what a filter says; of a row of an index, it costs a fraction of what the tag itself would. */
export const nameFits = (name: string): string =>
  `(:match IS NULL OR ${name} GLOB :match) AND (:part IS NULL OR instr(lower(${name}), :part) > 0)`;

/** Whether a tag last changed when a filter says. */
export const timeFits = (tag: string): string => `(:updatedBefore IS NULL OR ${tag}.updated_at < :updatedBefore)`;

const isSignature = signatureTypes.map((part) => `instr(artifact_type, '${part}') > 0`).join(' OR ');

/** Whether a manifest is what a filter says; the text of its platforms is parsed only where it can name the right one. */
export const manifestFits = (id: string): string => `(:platform IS NULL OR EXISTS (
    SELECT 1 FROM manifest_summaries s WHERE s.manifest_id = ${id} AND instr(s.platforms, :platformText) > 0
      AND EXISTS (SELECT 1 FROM json_each(s.platforms) d
        WHERE d.value = :platform OR substr(d.value, 1, length(:platform) + 1) = :platform || '/')
      AND EXISTS (SELECT 1 FROM manifests m WHERE m.id = s.manifest_id AND ${isShown})))
  AND (:signed IS NULL OR :signed = CASE WHEN :hasSignatures THEN EXISTS (
    SELECT 1 FROM manifests m WHERE m.id = ${id} AND (
      EXISTS (SELECT 1 FROM (SELECT artifact_type FROM manifests
        WHERE repository_id = m.repository_id AND subject_digest = m.digest ORDER BY digest LIMIT ${maxReferrers}) found
        WHERE ${isSignature})
      OR EXISTS (SELECT 1 FROM tags a WHERE a.repository_id = m.repository_id
        AND a.name = replace(m.digest, ':', '-') || '${attachmentTagEnds.signature}'))) ELSE 0 END)`;

/** Turns filters of a repository into parameters. */
export function prepareFilterParameters({ sqlite }: Connection) {
  const prefix = 'sha256-';
  const hasSignatures = sqlite
    .prepare<[number, number, string, string], number>(`SELECT
      EXISTS (SELECT 1 FROM manifests WHERE repository_id = ? AND subject_digest IS NOT NULL)
      OR EXISTS (SELECT 1 FROM tags WHERE repository_id = ? AND name >= ? AND name < ?)`)
    .pluck();
  return (repositoryId: number, filter: TagFilter): FilterParameters => {
    const { search = '', match, updatedBefore = null, platform = null, signed } = filter;
    return {
      repositoryId,
      match: match === undefined ? null : globOf(match),
      part: search === '' ? null : search.toLowerCase(),
      updatedBefore,
      platform,
      platformText: platform === null ? null : JSON.stringify(platform).slice(1, -1),
      signed: signed === undefined ? null : Number(signed),
      hasSignatures:
        signed === undefined ? 0 : (hasSignatures.get(repositoryId, repositoryId, prefix, endOf(prefix)) ?? 0),
    };
  };
}

/** A pattern in which only `*` and `?` mean anything, for `GLOB`, where brackets would, too, and the character 0 would end it. */
function globOf(pattern: string): string {
  return pattern.replaceAll('[', '[[]').replaceAll('\0', '\ufffd');
}
