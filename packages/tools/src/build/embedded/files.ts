// Stands in for node:fs where a program reads the files that lie beside it: an executable has them inside.
import { getAssetKeys, getRawAsset } from 'node:sea';

const base = new URL('./', import.meta.url).href;

/** The names of the embedded files in a folder. */
export function readdirSync(folder: URL): string[] {
  const prefix = keyOf(folder);
  return getAssetKeys()
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

/** The content of an embedded file. */
export function readFileSync(file: URL): Uint8Array {
  return new Uint8Array(getRawAsset(keyOf(file)));
}

function keyOf({ href }: URL): string {
  if (!href.startsWith(base)) throw new Error(`${href} is not embedded: only what lies below ${base} is`);
  return decodeURI(href.slice(base.length));
}
