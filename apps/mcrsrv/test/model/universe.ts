import { type Digest, digestOf, parseTag, type RepositoryName, type Tag } from '@mcr/core';
import { app, other } from '../gc/_registry.ts';

/** Everything that there is in the world of the model: little, so that operations meet each other. */
export const repositories: readonly RepositoryName[] = [app, other];
export const tags: readonly Tag[] = ['v1', 'v2'].map(parseTag);
/** Blobs by their content. */
export const texts = ['a', 'b', 'c'] as const;
/** Images by the blobs that they are made of. */
export const images: readonly (readonly string[])[] = [['a'], ['a', 'b'], ['b', 'c']];

/** The digests of blobs with these contents. */
export function blobsOf(contents: readonly string[]): Digest[] {
  return contents.map((text) => digestOf(text));
}
