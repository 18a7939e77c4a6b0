import { randomUUID } from 'node:crypto';
import type { Locator } from '../blob-store.ts';

/** Sizes of objects that are written in one request are in their names. */
const locator =
  /^([0-9a-f]{2})\/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{10}\1(?:\.(\d{1,15}))?$/;
const uploadId = /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/;

/**
 * A name that is used once, `<last two hex>/<UUIDv7>`, with `.<size>` where the size is known before the object is written.
 * The random part comes first, so that servers that split by prefix spread objects.
 */
export function newLocator(size?: number): Locator {
  const time = Date.now().toString(16).padStart(12, '0');
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
  return `${id.slice(-2)}/${id}${size === undefined ? '' : `.${size}`}`;
}

/** Whether `text` is a locator. Nothing else ever becomes part of the key of a blob. */
export function isLocator(text: string): boolean {
  return locator.test(text);
}

/** The size that a locator names; `undefined` where it does not. */
export function sizeIn(text: Locator): number | undefined {
  const size = locator.exec(text)?.[2];
  return size === undefined ? undefined : Number(size);
}

/** Whether `text` is a UUID in lower case, as ids of uploads and stores are. */
export function isId(text: string): boolean {
  return uploadId.test(text);
}
