import { type Tag, timeSlices, versionKey } from '@mcr/core';
import type { TagDetails } from '../../facets/tags.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Connection } from '../connection/connection.ts';
import { imageKey } from '../migrations/000032-tagged-images.ts';
import { type TagRow, tagColumns } from './load-tags.ts';

/** Images that are read at a time. */
const readSize = 100;

/** Where a list goes on: behind an image, or behind one of its tags. */
interface Place {
  readonly key: string;
  readonly name: string;
}

interface ImageRow extends Place {
  readonly manifestId: number;
}

interface KeyedTag extends TagRow {
  readonly key: string;
}

interface Query {
  readonly repositoryId: number;
  /** `newestTag` of an image, and behind a space one of its tags where it has more of them. */
  readonly after: string;
  readonly limit: number;
  readonly tagsPerImage: number | undefined;
  /** Tags of an image that are read at a time: few where each is loaded, many where most do not match. */
  readonly length: number;
  readonly matches: (tag: TagRow) => boolean;
  /** Nothing for an image that a filter leaves out. */
  readonly load: (row: TagRow) => TagDetails | undefined;
}

/** Lists tags by image, the image with the newest version first; other work goes on between the steps. */
export function prepareListNewest({ sqlite }: Connection) {
  const key = imageKey('version_key');
  const select = 'SELECT manifest_id AS manifestId, image_key AS key, name FROM tagged_images WHERE repository_id = ?';
  const first = sqlite.prepare<[number, number], ImageRow>(`${select} ORDER BY image_key DESC, name DESC LIMIT ?`);
  const next = sqlite.prepare<[number, string, string, number], ImageRow>(
    `${select} AND (image_key, name) < (?, ?) ORDER BY image_key DESC, name DESC LIMIT ?`,
  );
  const image = sqlite.prepare<[number, string, string], ImageRow>(`${select} AND image_key = ? AND name = ?`);
  const tags = `SELECT ${tagColumns}, ${key} AS key FROM tags INDEXED BY tags_by_image WHERE manifest_id = ?`;
  const newest = sqlite.prepare<[number, number], KeyedTag>(`${tags} ORDER BY ${key} DESC, name DESC LIMIT ?`);
  // A comparison of rows does not find its place in an index of an expression, the first condition does.
  const older = sqlite.prepare<[number, string, string, string, number], KeyedTag>(
    `${tags} AND ${key} <= ? AND (${key}, name) < (?, ?) ORDER BY ${key} DESC, name DESC LIMIT ?`,
  );
  const keyOf = sqlite.prepare<[string], string>(`SELECT ${key} FROM (SELECT ? AS version_key)`).pluck();
  const placeOf = (name: string): Place => ({ key: keyOf.get(versionKey(name)) ?? '', name });

  return async ({ repositoryId, after, limit, tagsPerImage, length, matches, load }: Query): Promise<TagDetails[]> => {
    const items: TagDetails[] = [];
    const nextStep = timeSlices();
    const most = pageLimit(limit);
    const isFull = () => tagsPerImage === undefined && items.length === most;

    /** Adds tags of an image that match; whether it had any. */
    async function add({ manifestId }: ImageRow, behind?: Place): Promise<boolean> {
      const before = items.length;
      for (let last = behind; ; ) {
        const rows = last
          ? older.all(manifestId, last.key, last.key, last.name, length)
          : newest.all(manifestId, length);
        for (const { key: tagKey, ...row } of rows) {
          if (isFull() || items.length - before === tagsPerImage) return true;
          last = { key: tagKey, name: row.name };
          if (!matches(row)) continue;
          const item = load(row);
          if (item === undefined) return false;
          items.push(item);
          await nextStep();
        }
        if (rows.length < length) return items.length > before;
        await nextStep();
      }
    }

    const [imageName = '', tagName] = after.split(' ') as [Tag?, Tag?];
    let last = after === '' ? undefined : placeOf(imageName);
    const begun = last && tagName && image.get(repositoryId, last.key, last.name);
    if (begun) await add(begun, placeOf(tagName));
    const imagesAtOnce = Math.min(most, readSize);
    for (let images = 0; images < most && !isFull(); ) {
      const rows = last
        ? next.all(repositoryId, last.key, last.name, imagesAtOnce)
        : first.all(repositoryId, imagesAtOnce);
      for (const row of rows) {
        if (images === most || isFull()) return items;
        last = row;
        if (await add(row)) images += 1;
      }
      if (rows.length < imagesAtOnce) break;
      await nextStep();
    }
    return items;
  };
}
