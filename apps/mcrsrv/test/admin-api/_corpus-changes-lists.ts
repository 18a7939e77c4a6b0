import type { Change, RecordedResponse } from './_corpus-change.ts';

const asOverRpc = 'lists of REST take the parameters that they take over RPC';
const queryKept = 'links to the next page keep the query as it was';

const headers = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
const image = {
  media_type: 'application/vnd.oci.image.manifest.v1+json',
  size: 428,
  details: { artifact_type: 'application/vnd.oci.image.config.v1+json', total_size: 287, platforms: ['linux/amd64'] },
};
const index = {
  media_type: 'application/vnd.oci.image.index.v1+json',
  size: 491,
  details: { total_size: 574, platforms: ['linux/amd64', 'linux/arm64'] },
};
const newest = 'sha256:cbb4a44f81a7c2d19142c2102947fc15e029c9b604cc46ad55ae7e8b213949bc';
const tags = [
  tag('1.10.0', newest, 2500, image),
  tag('1.9.0', 'sha256:a609862fd05c6f8b1019e423f0ad5cdd210f3cd5b776e57e713795b488872030', 1250, image),
  tag('latest', newest, 3750, image),
  tag('multi', 'sha256:293ea48d662fce2e0d3fc9d104c77649ffd1ceb43d80b214ab6937c6ada0e640', 6250, index),
];

/** A tag as REST lists it with details; the time is in milliseconds after the seed began. */
function tag(name: string, digest: string, ms: number, { media_type, size, details }: typeof image | typeof index) {
  const updated_at = new Date(Date.UTC(2030, 0, 1) + ms).toISOString();
  return {
    name,
    digest,
    media_type,
    size,
    updated_at,
    details: { ...details, pushed_by: 'admin', attached: attachedTo(digest), image_tags: tagsOf(digest) },
  };
}

/** Kinds of what refers to the image. */
function attachedTo(digest: string): readonly string[] {
  return digest.startsWith('sha256:a609') ? ['sbom'] : [];
}

/** How many tags an image has. */
function tagsOf(digest: string): number {
  return digest.startsWith('sha256:cbb4') ? 2 : 1;
}

/** Tags with details say who pushed them, what is attached, and how many the image has; and there is one order more. */
export function withPushers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPushers);
  if (typeof value === 'string') return value.replace('|"version"|"updated"', '$&|"newest_version"');
  if (typeof value !== 'object' || value === null) return value;
  const found = Object.fromEntries(Object.entries(value).map(([name, it]) => [name, withPushers(it)]));
  const { digest, details } = found as { readonly digest?: unknown; readonly details?: object };
  if (typeof digest !== 'string' || details === undefined || !('platforms' in details)) return found;
  const [attached, n] = [attachedTo(digest), tagsOf(digest)];
  const more =
    'total_size' in details
      ? { pushed_by: 'admin', attached, image_tags: n }
      : { pushedBy: 'admin', attached, imageTags: n };
  return { ...found, details: { ...details, ...more } };
}

function listOf(listed: typeof tags): object {
  return { status: 200, headers, json: { tags: listed } };
}

function bySize({ json, ...rest }: RecordedResponse): object {
  const { repositories } = json as { readonly repositories: readonly { readonly total_size: number }[] };
  return {
    ...rest,
    json: { repositories: repositories.toSorted((left, right) => right.total_size - left.total_size) },
  };
}

/** The response with another link to the next page. */
function linkWith(from: RegExp, to: string): (recorded: RecordedResponse) => object {
  return (recorded) => {
    const { link, ...before } = recorded.headers ?? {};
    if (link === undefined) return recorded;
    // The order of headers is that of the recording.
    const { 'content-type': type, ...after } = before;
    return { ...recorded, headers: { 'content-type': type, link: link.replace(from, to), ...after } };
  };
}

/** Lists that take more parameters than before, and links that repeat the query. */
export const listsAndLinks: readonly Change[] = [
  {
    steps: ['tags: tags by sort=updated'],
    why: asOverRpc,
    response: listOf(tags.toSorted((left, right) => right.updated_at.localeCompare(left.updated_at))),
  },
  {
    steps: ['tags: tags by search=1'],
    why: asOverRpc,
    response: listOf(tags.filter(({ name }) => name.includes('1'))),
  },
  { steps: ['tags: tags by details=true'], why: asOverRpc, response: listOf(tags) },
  { steps: ['repositories: sorted repositories'], why: asOverRpc, now: bySize },
  {
    steps: ['tags: tags by sort=', 'tags: tags by sort=NAME'],
    why: asOverRpc,
    error: 'sort: must be one of name, version, updated, newest_version',
    detail: [{ field: 'sort', problem: 'must be one of name, version, updated, newest_version' }],
  },
  { steps: /\?n=1&surprise=1$/, why: queryKept, now: linkWith(/\?n=1&/, '?n=1&surprise=1&') },
  {
    steps: ['repositories: a page of a search', 'tags: tags by sort=version&n=1', 'tags: a page of tags by version'],
    why: queryKept,
    now: linkWith(/\?(n=\d)&(last=[^&>]+)&(search=a|sort=version)>/, '?$3&$1&$2>'),
  },
];
