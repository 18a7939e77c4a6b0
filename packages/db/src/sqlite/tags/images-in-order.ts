import type { Tag, timeSlices } from '@mcr/core';
import type { Connection } from '../connection/connection.ts';
import { inSlices, sliceSize } from './in-slices.ts';
import { prepareMatchingTags } from './matching-tags.ts';
import { type FilterParameters, isFilter, manifestFits, nameFits, timeFits } from './tag-conditions.ts';

/** Images that are read at a time, and tags of an image that are looked at for whether one of them matches. */
const [readSize, fewTags] = [100, 10];
/** Tags that match and are sorted by themselves, instead of looking at all images in their order for them. */
const maxSorted = 1_000;

/** Where a list goes on: behind an image, or behind one of its tags. */
export interface ImagePlace {
  readonly key: string;
  readonly name: Tag;
}

/** The places before and behind all images, and all tags of one: what begins a key is a digit. */
export const [firstPlace, lastPlace]: readonly [ImagePlace, ImagePlace] = [
  { key: '~', name: '' as Tag },
  { key: '', name: '' as Tag },
];

/** An image that may have tags that match. */
export interface ImageRow extends ImagePlace {
  readonly manifestId: number;
  readonly tagCount: number;
}

interface Reading {
  readonly parameters: FilterParameters;
  readonly after: ImagePlace | undefined;
  /** How many images the reader takes, or fewer. */
  readonly limit: number;
  readonly nextStep: ReturnType<typeof timeSlices>;
}

/** Finds the images of a repository in the order of their newest versions, the newest first. */
export function prepareImagesInOrder(connection: Connection) {
  const matching = prepareMatchingTags(connection);
  const { one, some, behind, ends } = prepareStatements(connection);

  /** The images of these manifests, in their order. */
  function sorted(repositoryId: number, manifestIds: readonly number[], after: ImagePlace | undefined): ImageRow[] {
    const images = some.all(JSON.stringify(manifestIds), repositoryId);
    return images.filter((image) => after === undefined || compare(after, image) < 0).toSorted(compare);
  }

  return {
    /** The image at a place, if it matches. */
    find: (parameters: FilterParameters, place: ImagePlace): ImageRow | undefined =>
      one.get({ ...parameters, ...place }),

    /** The images behind a place that may have tags that match. */
    async *list({ parameters, after, limit, nextStep }: Reading): AsyncGenerator<ImageRow, void> {
      const hasFilter = isFilter(parameters);
      if (hasFilter) {
        const found = await matching(parameters, maxSorted + 1);
        if (found.length <= maxSorted) return yield* sorted(parameters.repositoryId, [...new Set(found)], after);
      }
      const slices = {
        length: Math.min(limit, readSize),
        end: (place: ImagePlace = firstPlace) =>
          hasFilter ? ends.get({ ...parameters, ...place, skipped: sliceSize - 1 }) : undefined,
        read: (
          place: ImagePlace = firstPlace,
          { key: endKey, name: endName }: ImagePlace = lastPlace,
          length: number,
        ) => behind.all({ ...parameters, ...place, endKey, endName, length }),
      };
      yield* inSlices<ImagePlace, ImageRow>(slices, after, nextStep);
    },
  };
}

/** Whether an image stands before or behind another one; texts are ASCII, so this is the order of bytes. */
function compare(a: ImagePlace, b: ImagePlace): number {
  const [left, right] = a.key === b.key ? [a.name, b.name] : [a.key, b.key];
  return left < right ? 1 : left > right ? -1 : 0;
}

function prepareStatements({ sqlite }: Connection) {
  const columns = 'i.manifest_id AS manifestId, i.image_key AS key, i.name, i.tag_count AS tagCount';
  const select = `SELECT ${columns} FROM tagged_images i WHERE i.repository_id = :repositoryId`;
  const order = 'ORDER BY i.image_key DESC, i.name DESC';
  const isBehind = '(i.image_key, i.name) < (:key, :name)';
  const tagFits = `SELECT 1 FROM tags t WHERE t.manifest_id = i.manifest_id AND ${nameFits('t.name')} AND ${timeFits('t')}`;
  // Of an image with many tags its own list finds out.
  const mayFit = `(:updatedBefore IS NULL AND ${nameFits('i.name')} OR i.tag_count > ${fewTags} OR EXISTS (${tagFits}))`;
  return {
    one: sqlite.prepare<[object], ImageRow>(
      `${select} AND i.image_key = :key AND i.name = :name AND ${manifestFits('i.manifest_id')}`,
    ),
    some: sqlite.prepare<[string, number], ImageRow>(`SELECT ${columns} FROM json_each(?) d
      CROSS JOIN tagged_images i ON i.manifest_id = d.value WHERE i.repository_id = ?`),
    behind: sqlite.prepare<
      [object],
      ImageRow
    >(`${select} AND ${isBehind} AND (i.image_key, i.name) >= (:endKey, :endName)
      AND ${mayFit} AND ${manifestFits('i.manifest_id')} ${order} LIMIT :length`),
    ends: sqlite.prepare<[object], ImagePlace>(`SELECT i.image_key AS key, i.name FROM tagged_images i
      WHERE i.repository_id = :repositoryId AND ${isBehind} ${order} LIMIT 1 OFFSET :skipped`),
  };
}
