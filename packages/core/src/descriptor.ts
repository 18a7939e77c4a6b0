import { isGrammaticalDigest } from './digest.ts';
import { RegistryError } from './errors.ts';

/** The part of a descriptor that the registry uses (image-spec descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  /** Grammatically valid; possibly of an algorithm that this registry does not store. */
  readonly digest: string;
  /** Whether the content may be fetched from elsewhere. */
  readonly hasUrls: boolean;
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object, and neither `null` nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for an invalid field of a manifest: `MANIFEST_INVALID` with the field's path as detail. */
export function invalidManifest(message: string, field: string): RegistryError {
  return new RegistryError('MANIFEST_INVALID', message, { detail: { field } });
}

/** Parses the descriptor at `field`, a path for messages; throws `MANIFEST_INVALID`. Unknown fields are ignored. */
export function parseDescriptor(value: unknown, field: string): Descriptor {
  if (!isJsonObject(value)) throw invalidManifest(`${field} must be a descriptor, an object`, field);
  const { mediaType, digest, size, urls } = value;
  if (typeof mediaType !== 'string') throw invalidManifest(`${field}.mediaType must be a string`, `${field}.mediaType`);
  if (typeof digest !== 'string' || !isGrammaticalDigest(digest)) {
    throw invalidManifest(`${field}.digest must be a digest such as sha256:<64 hex>, in lower case`, `${field}.digest`);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw invalidManifest(`${field}.size must be a number of bytes, an integer from 0 to 2^53-1`, `${field}.size`);
  }
  parseAnnotations(value['annotations'], `${field}.annotations`);
  return { mediaType, digest, hasUrls: parseList(urls ?? [], `${field}.urls`).length > 0 };
}

/** Parses a list; `null` counts as empty, since Go programs write it so. Throws `MANIFEST_INVALID`. */
export function parseList(value: unknown, field: string): readonly unknown[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw invalidManifest(`${field} must be a list`, field);
  return value;
}

/** Parses an optional map of strings to strings (image-spec annotations.md); throws `MANIFEST_INVALID`. */
export function parseAnnotations(value: unknown, field: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw invalidManifest(`${field} must be an object of strings`, field);
  if (isStringMap(value)) return value;
  const bad = Object.keys(value).find((key) => typeof value[key] !== 'string') ?? '';
  const name = JSON.stringify(bad.slice(0, 100));
  throw invalidManifest(`${field} must have strings as values, but the value of ${name} is not a string`, field);
}

function isStringMap(value: JsonObject): value is Readonly<Record<string, string>> {
  return Object.values(value).every((text) => typeof text === 'string');
}

/** Parses an optional string; an empty one counts as absent, as in Go programs. Throws `MANIFEST_INVALID`. */
export function parseOptionalString(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw invalidManifest(`${field} must be a string`, field);
  return value;
}
