import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ListTagsRequestSchema } from '@mcr/rpc/mcr/v1/registry_pb';

/** Filters of the tags of a repository, as in the URL; an empty one is none. */
export interface TagFilter {
  /** A part of the name, or a pattern with `*` and `?`. */
  readonly q: string;
  /** Days since the last push, at least. */
  readonly age: string;
  readonly platform: string;
  /** `yes` or `no`. */
  readonly signed: string;
}

const dayMs = 86_400_000;
/** Days that the page offers. */
export const ages = ['7', '30', '90', '365'] as const;
/** Platforms that the page offers beside the one that was asked for. */
export const platforms = ['linux/amd64', 'linux/arm64', 'linux/arm', 'windows/amd64'] as const;

/** Parses the filters of a page; what it does not offer is ignored. */
export function parseTagFilter(query: URLSearchParams): TagFilter {
  const text = (name: string) => query.get(name)?.trim() ?? '';
  const oneOf = (name: string, values: readonly string[]) => (values.includes(text(name)) ? text(name) : '');
  return {
    q: text('q'),
    age: oneOf('age', ages),
    platform: /^[\w./-]{1,128}$/.test(text('platform')) ? text('platform') : '',
    signed: oneOf('signed', ['yes', 'no']),
  };
}

/** Whether a filter leaves all tags. */
export function isEverything(filter: TagFilter): boolean {
  return Object.values(filter).every((value) => value === '');
}

/** Whether a text is a pattern for whole names, which no tag can be. */
export function isPattern(text: string): boolean {
  return /^[\w.*?-]*[*?][\w.*?-]*$/.test(text);
}

/** The filter in the form of the registry's API. */
export function tagsRequest(
  { q, age, platform, signed }: TagFilter,
  now: number,
): MessageInitShape<typeof ListTagsRequestSchema> {
  return {
    ...(q !== '' && (isPattern(q) ? { match: q } : { search: q })),
    ...(age !== '' && { updatedBefore: timestampFromMs(now - Number(age) * dayMs) }),
    ...(platform !== '' && { platform }),
    ...(signed !== '' && { signed: signed === 'yes' }),
  };
}

/** The filter in words, to stand behind "tags that match". */
export function filterWords({ q, age, platform, signed }: TagFilter): string {
  const parts = [
    q,
    age === '' ? '' : `older than ${age} days`,
    platform,
    signed === '' ? '' : signed === 'yes' ? 'signed' : 'not signed',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
