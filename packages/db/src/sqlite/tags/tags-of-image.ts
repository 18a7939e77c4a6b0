import type { Tag, timeSlices } from '@mcr/core';
import type { Connection } from '../connection/connection.ts';
import { imageKey } from '../migrations/000032-tagged-images.ts';
import { firstPlace, type ImagePlace, type ImageRow, lastPlace } from './images-in-order.ts';
import { inSlices, sliceSize } from './in-slices.ts';
import { type TagRow, tagColumns } from './load-tags.ts';
import { type FilterParameters, nameFits, timeFits } from './tag-conditions.ts';

/** Tags that are read at a time. */
const readSize = 100;

interface KeyedTag extends TagRow {
  readonly key: string;
}

interface Reading {
  readonly parameters: FilterParameters;
  readonly image: ImageRow;
  readonly after: ImagePlace | undefined;
  /** How many tags the reader takes. */
  readonly most: number;
  readonly nextStep: ReturnType<typeof timeSlices>;
}

/** Reads the tags of an image whose names and times match, the newest version first; the only tag of an image is known to match. */
export function prepareTagsOfImage({ sqlite }: Connection) {
  const key = imageKey('t.version_key');
  const from = 'FROM tags t INDEXED BY tags_by_image WHERE t.manifest_id = :manifestId';
  // A comparison of rows does not find its place in an index of an expression, the condition before it does.
  const behind = `${key} <= :key AND (${key}, t.name) < (:key, :name)`;
  const order = `ORDER BY ${key} DESC, t.name DESC`;
  const fits = `${nameFits('t.name')} AND ${timeFits('t')}`;
  const only = sqlite.prepare<[number, Tag], TagRow>(
    `SELECT ${tagColumns} FROM tags t WHERE t.repository_id = ? AND t.name = ?`,
  );
  const newest = sqlite.prepare<[object], TagRow>(`SELECT ${tagColumns} ${from} AND ${fits} ${order} LIMIT :length`);
  const rows = sqlite.prepare<[object], KeyedTag>(`SELECT ${tagColumns}, ${key} AS key ${from} AND ${behind}
    AND ${key} >= :endKey AND (${key}, t.name) >= (:endKey, :endName) AND ${fits} ${order} LIMIT :length`);
  const ends = sqlite.prepare<[object], ImagePlace>(
    `SELECT ${key} AS key, t.name ${from} AND ${behind} ${order} LIMIT 1 OFFSET :skipped`,
  );

  return async function* tagsOfImage({
    parameters,
    image,
    after,
    most,
    nextStep,
  }: Reading): AsyncGenerator<TagRow, void> {
    const { manifestId, tagCount, name } = image;
    if (after === undefined && tagCount === 1) {
      const tag = only.get(parameters.repositoryId, name);
      if (tag?.manifestId === manifestId) yield tag;
      return;
    }
    // Nearly every image has few tags, and one statement has them all.
    if (after === undefined && tagCount <= sliceSize) {
      yield* newest.all({ ...parameters, manifestId, length: most });
      return;
    }
    const slices = {
      length: Math.min(most, readSize),
      end: (place: ImagePlace = firstPlace) =>
        tagCount > sliceSize ? ends.get({ manifestId, ...place, skipped: sliceSize - 1 }) : undefined,
      read: (place: ImagePlace = firstPlace, { key: endKey, name: endName }: ImagePlace = lastPlace, length: number) =>
        rows.all({ ...parameters, manifestId, ...place, endKey, endName, length }),
    };
    for await (const { key: _, ...tag } of inSlices<ImagePlace, KeyedTag>(slices, after, nextStep)) yield tag;
  };
}
