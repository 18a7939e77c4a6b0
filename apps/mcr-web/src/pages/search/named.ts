import type { SearchHit } from '@mcr/rpc/mcr/v1/registry_pb';

/**
 * The hit that a text names exactly: the only digest, or the longest repository or image at its end, where a reference or
 * a pasted command has it.
 */
export function named(query: string, hits: readonly SearchHit[]): SearchHit | undefined {
  const [only] = hits;
  if (only?.kind === 'manifest' && hits.length === 1) return only;
  const word = query.split(/\s+/).at(-1) ?? '';
  const isNamed = (hit: SearchHit) => {
    const reference = referenceOf(hit);
    return reference !== '' && (word === reference || word.endsWith(`/${reference}`));
  };
  return hits.filter(isNamed).toSorted((one, other) => referenceOf(other).length - referenceOf(one).length)[0];
}

function referenceOf({ kind, repository = '', tag = '' }: SearchHit): string {
  if (kind === 'tag') return `${repository}:${tag}`;
  return kind === 'repository' ? repository : '';
}
