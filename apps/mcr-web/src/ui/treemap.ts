import { html } from 'hono/html';
import type { Fragment } from './page.ts';

/** A part of a whole, as a rectangle of its share. */
export interface Tile {
  readonly name: string;
  readonly value: number;
  /** The value in words. */
  readonly text: string;
  readonly href: string;
  readonly color: string;
}

/** In percent of the map. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The map is about four times as wide as it is high. */
const aspect = 4;
/** A smaller tile has its name in its title only. */
const minNamed = { width: 7, height: 22 };

/** Rectangles that share an area by their values, the largest first; each is a link, named where it is large enough. */
export function treemap(label: string, tiles: readonly Tile[]): Fragment {
  const shown = tiles.filter(({ value }) => value > 0);
  const boxes = boxesOf(shown.map(({ value }) => value));
  return html`<svg class="treemap" role="group" aria-label="${label}">${shown.map(({ name, text, href, color }, at) => {
    const { x, y, width, height } = boxes[at]!;
    const isNamed = width >= minNamed.width && height >= minNamed.height;
    const words = html`<foreignObject width="100%" height="100%"><span class="treemap__t"><span>${name}</span><span>${text}</span></span></foreignObject>`;
    return html`<a href="${href}"><title>${name}: ${text}</title><svg x="${percent(x)}" y="${percent(y)}" width="${percent(width)}" height="${percent(height)}"><rect class="${color}" width="100%" height="100%"></rect>${isNamed ? words : ''}</svg></a>`;
  })}</svg>`;
}

/** The boxes of values, in order of the values: slice after slice along the longer side, each as square as it gets. */
export function boxesOf(values: readonly number[]): readonly Box[] {
  const boxes: Box[] = [];
  let rest: Box = { x: 0, y: 0, width: 100, height: 100 };
  let left = values.reduce((sum, value) => sum + value, 0);
  for (let at = 0; at < values.length; ) {
    const isWide = rest.width * aspect >= rest.height;
    const length = sliceLength(values.slice(at), left, rest, isWide);
    const slice = values.slice(at, at + length);
    const sum = slice.reduce((total, value) => total + value, 0);
    const share = sum / left;
    let along = 0;
    for (const value of slice) {
      const part = value / sum;
      boxes.push(
        isWide
          ? { x: rest.x, y: rest.y + along * rest.height, width: rest.width * share, height: rest.height * part }
          : { x: rest.x + along * rest.width, y: rest.y, width: rest.width * part, height: rest.height * share },
      );
      along += part;
    }
    rest = isWide
      ? { ...rest, x: rest.x + rest.width * share, width: rest.width * (1 - share) }
      : { ...rest, y: rest.y + rest.height * share, height: rest.height * (1 - share) };
    left -= sum;
    at += length;
  }
  return boxes;
}

/** How many of the next values share a slice: one more as long as the least square of them becomes squarer. */
function sliceLength(values: readonly number[], left: number, rest: Box, isWide: boolean): number {
  const [across, along] = isWide ? [rest.width * aspect, rest.height] : [rest.height, rest.width * aspect];
  const worst = (length: number) => {
    const slice = values.slice(0, length);
    const sum = slice.reduce((total, value) => total + value, 0);
    const thickness = (across * sum) / left;
    return Math.max(
      ...slice.map((value) => {
        const side = (along * value) / sum;
        return Math.max(side / thickness, thickness / side);
      }),
    );
  };
  let length = 1;
  while (length < values.length && worst(length + 1) <= worst(length)) length += 1;
  return length;
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}
