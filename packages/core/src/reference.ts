import { type Digest, parseDigest } from './digest.ts';
import { RegistryError } from './errors.ts';

declare const tagBrand: unique symbol;

/** A validated tag. */
export type Tag = string & { readonly [tagBrand]: true };

/** The last part of a `/manifests/` path: a tag or a digest. */
export type Reference =
  | { readonly kind: 'tag'; readonly tag: Tag }
  | { readonly kind: 'digest'; readonly digest: Digest };

const grammar = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** Whether `text` is a tag (distribution-spec, "Pulling manifests"). */
export function isTag(text: string): text is Tag {
  return grammar.test(text);
}

/** Parses a tag; throws `TAG_INVALID`. */
export function parseTag(text: string): Tag {
  if (isTag(text)) return text;
  throw new RegistryError(
    'TAG_INVALID',
    "The tag must be at most 128 of A-Z a-z 0-9 '_' '.' '-', not starting with '.' or '-'",
    { detail: { tag: text.slice(0, 200) } },
  );
}

/** Parses a tag or a digest; a text with a colon must be a digest. Throws `DIGEST_INVALID` or `TAG_INVALID`. */
export function parseReference(text: string): Reference {
  if (text.includes(':')) return { kind: 'digest', digest: parseDigest(text) };
  return { kind: 'tag', tag: parseTag(text) };
}

/** Formats a reference for a path. */
export function formatReference(reference: Reference): string {
  return reference.kind === 'tag' ? reference.tag : reference.digest;
}
