import { type Tag, timeSlices, versionKey } from '@mcr/core';
import type { TagDetails } from '../../facets/tags.ts';
import type { Connection } from '../connection/connection.ts';
import { imageKey } from '../migrations/000032-tagged-images.ts';
import { type ImagePlace, type ImageRow, prepareImagesInOrder } from './images-in-order.ts';
import { inChunks } from './in-slices.ts';
import { type LoadTags, loadedAtOnce } from './load-tags.ts';
import type { FilterParameters } from './tag-conditions.ts';
import { prepareTagsOfImage } from './tags-of-image.ts';

interface Query {
  readonly parameters: FilterParameters;
  /** `newestTag` of an image, and behind a space one of its tags where it has more of them. */
  readonly after: string;
  readonly limit: number;
  readonly tagsPerImage: number | undefined;
  readonly tags: LoadTags;
}

/** Lists tags by image, the image with the newest version first; other work goes on between the steps. */
export function prepareListNewest(connection: Connection) {
  const images = prepareImagesInOrder(connection);
  const tagsOf = prepareTagsOfImage(connection);
  const keyOf = connection.sqlite
    .prepare<[string], string>(`SELECT ${imageKey('version_key')} FROM (SELECT ? AS version_key)`)
    .pluck();
  const placeOf = (name: Tag): ImagePlace => ({ key: keyOf.get(versionKey(name)) ?? '', name });

  return async ({ parameters, after, limit, tagsPerImage, tags }: Query): Promise<TagDetails[]> => {
    const items: TagDetails[] = [];
    const nextStep = timeSlices();
    const isFull = () => tagsPerImage === undefined && items.length === limit;

    /** Adds tags of an image that match; whether it had any. */
    async function add(image: ImageRow, behind?: ImagePlace): Promise<boolean> {
      const before = items.length;
      const most = tagsPerImage ?? limit - before;
      for await (const row of tagsOf({ parameters, image, after: behind, most, nextStep })) {
        const item = tags.load(row);
        if (item === undefined) return false;
        items.push(item);
        if (items.length - before === most) return true;
        await nextStep();
      }
      return items.length > before;
    }

    if (limit === 0) return items;
    const [imageName, tagName] = after.split(' ') as [Tag, Tag?];
    const place = after === '' ? undefined : placeOf(imageName);
    const begun = place && tagName && images.find(parameters, place);
    if (begun) await add(begun, placeOf(tagName));
    if (isFull()) return items;
    let count = 0;
    const missing = () => limit - (tagsPerImage === undefined ? items.length : count);
    const found = images.list({ parameters, after: place, limit, nextStep });
    for await (const chunk of inChunks(found, () => Math.min(missing(), loadedAtOnce))) {
      tags.prepare(chunk.map(({ manifestId }) => manifestId));
      for (const image of chunk) if (missing() > 0 && (await add(image))) count += 1;
      if (missing() <= 0) break;
    }
    return items;
  };
}
