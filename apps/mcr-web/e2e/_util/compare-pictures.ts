import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/**
 * How much the color of a pixel may differ, 0 to 1, and how many pixels may differ more, of 10,000: edges of letters and lines are
 * what another version of Chromium draws a little differently, and pixelmatch leaves most of them out by itself. A button in another
 * color is 25 of 10,000.
 */
const [threshold, mostOf10000] = [0.1, 10];

/** What differs between two pictures. */
export interface Difference {
  readonly pixels: number;
  readonly isTooMuch: boolean;
  /** A PNG in which differences are red. */
  readonly picture: Buffer;
}

/** Compares two PNGs; pictures of different sizes differ in all pixels. https://github.com/mapbox/pixelmatch */
export function comparePictures(expected: Buffer, actual: Buffer): Difference {
  const [before, after] = [PNG.sync.read(expected), PNG.sync.read(actual)];
  const { width, height } = before;
  if (width !== after.width || height !== after.height) {
    return { pixels: width * height, isTooMuch: true, picture: actual };
  }
  const picture = new PNG({ width, height });
  const pixels = pixelmatch(before.data, after.data, picture.data, width, height, { threshold });
  const isTooMuch = pixels > (width * height * mostOf10000) / 10_000;
  return { pixels, isTooMuch, picture: PNG.sync.write(picture) };
}

/** The same picture in as few bytes as a PNG without transparency takes. */
export function packPicture(png: Buffer): Buffer {
  return PNG.sync.write(PNG.sync.read(png), { colorType: 2, deflateLevel: 9, filterType: -1 });
}
