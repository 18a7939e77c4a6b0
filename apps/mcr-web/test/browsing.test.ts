import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const repository = { name: 'team/app', tagCount: 120, manifestCount: 7_000, totalSize: 5n };
const digest = `sha256:${'ab'.repeat(32)}`;
const mediaType = 'application/vnd.oci.image.index.v1+json';
const asked: { sort?: string | undefined; search?: string | undefined; pageToken: string; pageSize: number }[] = [];
const next = ({ pageToken }: { pageToken: string }) => (pageToken === '' ? 'two' : '');
let isEmpty = false;
const responses: Responses = {
  registry: {
    listRepositories: (request) => {
      asked.push(request);
      return isEmpty ? {} : { repositories: [repository], nextPageToken: next(request) };
    },
    getRepository: () => ({ repository: isEmpty ? { name: 'team/app' } : repository }),
    listTags: (request) => {
      asked.push(request);
      return isEmpty ? {} : { tags: [{ name: '1.0', digest, mediaType }], nextPageToken: next(request) };
    },
    listManifests: (request) => {
      asked.push(request);
      return isEmpty ? {} : { manifests: [{ digest, mediaType }], nextPageToken: next(request) };
    },
    listLayers: (request) => {
      asked.push(request);
      if (isEmpty) return {};
      const layers = [
        { digest, size: 2_048n, images: 1_000, repositories: 3 },
        { digest: `sha256:${'"><script>'.padEnd(64, 'a')}`, size: 26n, images: 1, repositories: 1 },
      ];
      return { layers, nextPageToken: next(request) };
    },
    inspectManifest: () => ({ manifest: { digest, mediaType }, content: Buffer.from('{}') }),
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  isEmpty = false;
  asked.length = 0;
  stage.registry.calls.length = 0;
});

const lists = [
  ['/repositories', ['ListRepositories'], 'mcrctl repo list'],
  ['/repositories/team/app', ['GetRepository', 'GetRepositoryUsage', 'ListTags'], 'mcrctl tag list team/app'],
  [
    '/repositories/team/app?view=manifests',
    ['GetRepository', 'GetRepositoryUsage', 'ListManifests'],
    'mcrctl manifest list team/app',
  ],
  [
    '/repositories/team/app?view=layers',
    ['GetRepository', 'GetRepositoryUsage', 'ListLayers'],
    'mcrctl repo layers team/app',
  ],
] as const;

describe.each(lists)('%s', (path, calls, command) => {
  test('is one round of calls, and names its command', async () => {
    const { body } = await stage.grace.get(path);
    expect(stage.registry.calls.toSorted()).toEqual(calls);
    expect(body).toContain(`<code>${command}</code>`);
  });

  test('links to the next page, and back to the first one', async () => {
    const { body } = await stage.grace.get(path);
    const href = /rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await stage.grace.get(href);
    expect(asked.map(({ pageToken }) => pageToken)).toEqual(['', 'two']);
    expect(second.body).toContain(`href="${path}">First page</a>`);
    expect(second.body).not.toContain('rel="next"');
  });
});

test('the list of repositories shows the number of tags and manifests', async () => {
  const { body } = await stage.grace.get('/repositories?q=$(id)');
  expect(body).toContain('data-label="Tags">120<');
  expect(body).toContain('data-label="Manifests">7,000<');
  expect(body).toContain('<code>mcrctl repo list --search &#39;$(id)&#39;</code>');
});

test('the list of manifests has their media types', async () => {
  const { body } = await stage.grace.get('/repositories/team/app?view=manifests');
  expect(body.replaceAll('<wbr>', '')).toContain(`index<span class="sub">${mediaType}</span>`);
});

test.each([
  ['/repositories', 'last_push', 'descending'],
  ['/repositories?sort=name', 'name', 'ascending'],
  ['/repositories?sort=size', 'size', 'descending'],
  ['/repositories?sort=nonsense', 'last_push', 'descending'],
  ['/repositories/team/app', 'newest_version', 'descending'],
  ['/repositories/team/app?sort=version', 'newest_version', 'descending'],
  ['/repositories/team/app?sort=updated', 'updated', 'descending'],
])('%s is sorted by %s', async (path, sort, direction) => {
  const { body } = await stage.grace.get(path);
  expect(asked).toMatchObject([{ sort }]);
  expect(body.match(/aria-sort="(\w+)"/g)).toEqual([`aria-sort="${direction}"`]);
});

test('a sort keeps the search, and starts at the first page', async () => {
  const { body } = await stage.grace.get('/repositories?q=team&page=two');
  expect(body).toContain('href="/repositories?q=team&amp;sort=size"');
});

test.each([
  ['/repositories?q=x', 'No repository name contains “x”'],
  ['/repositories/team/app', '/team/app:1.0</code>'],
  ['/repositories/team/app?q=x', 'No tag name contains “x”'],
  ['/repositories/team/app?view=manifests', 'No manifests yet'],
  ['/repositories/team/app?view=layers', 'No layers yet'],
])('with nothing to show, %s says so', async (path, words) => {
  isEmpty = true;
  expect((await stage.grace.get(path)).body).toContain(words);
});

test('a manifest is one round of calls', async () => {
  const { body } = await stage.grace.get('/repositories/team/app:1.0');
  expect(stage.registry.calls.toSorted()).toEqual(['InspectManifest']);
  expect(body).toContain('<code>mcrctl manifest get team/app:1.0</code>');
});

test('layers say what they weigh, how many manifests have them, and who shares them', async () => {
  const { body } = await stage.grace.get('/repositories/team/app?view=layers');
  const rows = body.split('<tr role="row">').slice(2);
  expect(rows[0]).toMatch(/2 KiB<.*1,000<.*data-label="Shared with">2 other repositories</s);
  expect(rows[1]).toMatch(/26 B<.*>1<.*only here</s);
  expect(body).not.toContain('"><script>');
});
