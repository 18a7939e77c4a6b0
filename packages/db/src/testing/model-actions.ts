import { type Digest, digestOf, type RepositoryName } from '@mcr/core';
import fc from 'fast-check';
import { app, other } from './fixtures.ts';

/** Three blobs, three manifests that overlap in them, two repositories: small enough that everything collides. */
export const repositories = [app, other] as const;
export const blobNames = ['blob 0', 'blob 1', 'blob 2'] as const;
export const manifestNames = ['manifest 0', 'manifest 1', 'manifest 2'] as const;

/** How long responses protect a blob, and how long after a change it is reviewed, in milliseconds. */
export const lease = 60;
export const grace = 100;

/** The blobs that a manifest references: its own and the next one. */
export function blobsOf(name: string): Digest[] {
  const index = manifestNames.findIndex((candidate) => candidate === name);
  return [index, (index + 1) % blobNames.length].map((position) => digestOf(blobNames[position] ?? ''));
}

export type Action =
  | { readonly do: 'publish' | 'claim' | 'deleteBlob'; readonly repository: RepositoryName; readonly blob: string }
  | { readonly do: 'mount'; readonly repository: RepositoryName; readonly from: RepositoryName; readonly blob: string }
  | { readonly do: 'push' | 'deleteManifest'; readonly repository: RepositoryName; readonly manifest: string }
  | { readonly do: 'deleteTag' | 'deleteRepository'; readonly repository: RepositoryName }
  | { readonly do: 'review'; readonly limit: number }
  | { readonly do: 'wait'; readonly time: number };

const repository = fc.constantFrom(...repositories);
const blob = fc.constantFrom(...blobNames);
const manifest = fc.constantFrom(...manifestNames);

export const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('publish', 'claim', 'deleteBlob'), repository, blob }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mount'), repository, from: repository, blob }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('push', 'deleteManifest'), repository, manifest }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('deleteTag', 'deleteRepository'), repository }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('review'), limit: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), time: fc.integer({ min: 1, max: 80 }) }) },
);
