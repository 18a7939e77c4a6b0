import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ListTagsRequest } from '@mcr/rpc/mcr/v1/registry_pb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { filterWords, isPattern, parseTagFilter, tagsRequest } from '../src/pages/repository/tag-filter.ts';
import { groupTags } from '../src/pages/repository/tag-rows.ts';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const [one, two] = [`sha256:${'ab'.repeat(32)}`, `sha256:${'cd'.repeat(32)}`];
const asked: ListTagsRequest[] = [];
let left = 3;
const image = (name: string, digest: string, details: object = {}) => ({
  name,
  digest,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  updatedAt: timestampFromMs(0),
  details,
});
const hostile = '<img src=x onerror=alert(1)>';
const responses: Responses = {
  registry: {
    getRepository: () => ({ repository: { name: 'team/app', tagCount: 250, manifestCount: 7 } }),
    listTags: (request) => {
      asked.push(request);
      if (request.pageSize === 1_000) {
        const tags = Array.from({ length: Math.min(left, 1_000) }, (_, at) => ({ name: `pr-${at}` }));
        return { tags, nextPageToken: left > 1_000 ? 'more' : '' };
      }
      return {
        ...(request.countMatches && { matches: { count: Math.min(left, 1_000), hasMore: left > 1_000 } }),
        tags: [
          image('latest', one, { attached: ['signature', 'sbom', hostile], pushedBy: hostile }),
          image('pr-1', two, { attached: [], pushedBy: 'ci' }),
          image('1.11', one),
          image('1.11.4', one, {
            attached: ['scan', 'signature'],
            pushedBy: 'ci-main',
            imagePulledAt: timestampFromMs(0),
            imagePulledBy: 'prod-eu-1',
            imageTags: 1_203,
          }),
        ],
      };
    },
    inspectManifest: () => ({ manifest: image('1.11', one), content: new TextEncoder().encode('{}') }),
    planTagDeletion: ({ tags }) => ({ plan: { id: 'plan', tags: tags.map((name) => ({ name, digest: one })) } }),
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  asked.length = 0;
  left = 3;
});

const path = '/repositories/team/app';
const rowsOf = (body: string) => body.split('<tr role="row">').slice(2);

describe('who pulled an image', () => {
  const pulls = `/audit?type=manifest_pulled&amp;repository=team%2Fapp`;

  test('is one link away for admins, and for delegates of the repository', async () => {
    stage.registry.delegations['grace'] = ['team/**'];
    await stage.grace.signIn('grace');
    for (const visitor of [stage.admin, stage.grace]) {
      const { body } = await visitor.get(path);
      expect(rowsOf(body)[0]).toContain(`<a class="sub" href="${pulls}&amp;reference=${encodeURIComponent(one)}"`);
      expect(rowsOf(body)[1]).toContain(
        `href="${pulls}&amp;reference=${encodeURIComponent(two)}">Who pulled this image</a>`,
      );
      expect(body).toContain(`href="${pulls}">Who pulled from it</a>`);
      expect((await visitor.get(`${path}:1.11`)).body).toContain(
        `href="${pulls}&amp;reference=1.11">Who pulled by this tag</a>`,
      );
    }
  });

  test('leads nowhere for others', async () => {
    stage.registry.delegations['grace'] = ['other/**'];
    await stage.grace.signIn('grace');
    for (const page of [path, `${path}:1.11`])
      expect((await stage.grace.get(page)).body).not.toMatch(/Who pulled (?:this|from|by)/);
  });
});

describe('the tags of a repository', () => {
  test('are in one row with the other tags of their image, the longest version first', async () => {
    const rows = rowsOf((await stage.admin.get(path)).body);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/class="strong" href="\/repositories\/team\/app:1.11.4".*app:latest.*app:1.11"/s);
    expect(rows[0]?.match(/type="checkbox" name="tag"/g)).toHaveLength(3);
    expect(rows[0]).toContain('/delete-tags/team/app?tag=1.11.4&amp;tag=latest&amp;tag=1.11');
    expect(rows[1]).toContain('app:pr-1"');
  });

  test('lead to those that a row has no room for', async () => {
    const rows = rowsOf((await stage.admin.get(path)).body);
    expect(asked.at(-1)).toMatchObject({ sort: 'newest_version', tagsPerImage: 10, pageSize: 25 });
    expect(rows[0]).toContain(`href="${path}/manifests/${one}">and 1,200 more</a>`);
    expect(rows[0]).toContain('Delete these tags…');
    expect(rows[1]).not.toMatch(/and .* more/);
  });

  test('say who pulled and pushed last, and what is attached', async () => {
    const { body } = await stage.admin.get(path);
    const [first = '', second = ''] = rowsOf(body);
    for (const words of ['prod-eu-1', 'ci-main', 'Has a signature', 'Has a scan report'])
      expect(first).toContain(words);
    expect(first).not.toContain('Has an SBOM');
    for (const words of ['never', 'not signed']) expect(second).toContain(words);
    expect(body).toContain('Attached, not verified');
    expect(body).not.toContain(hostile);
  });

  test('have check boxes for admins only', async () => {
    const { body } = await stage.grace.get(path);
    expect(body).not.toContain('name="tag"');
    expect(body).not.toContain('/delete-tags/');
  });

  test('are asked for as the filter says, and counted once there is one', async () => {
    await stage.admin.get(path);
    expect(asked).toMatchObject([{ countMatches: false }]);
    asked.length = 0;
    const { body } = await stage.admin.get(`${path}?q=pr-*&age=30&platform=linux%2Farm64&signed=no`);
    expect(asked).toMatchObject([{ match: 'pr-*', platform: 'linux/arm64', signed: false, countMatches: true }]);
    expect(asked[0]?.updatedBefore?.seconds).toBeGreaterThan(0n);
    expect(asked[0]?.search).toBeUndefined();
    expect(body).toContain('3 tags match pr-*, older than 30 days, linux/arm64, not signed.');
    expect(body).toContain(
      '/delete-tags/team/app?all=1&amp;q=pr-*&amp;age=30&amp;platform=linux%2Farm64&amp;signed=no',
    );
  });

  test('that match are deleted all at once, by a plan first', async () => {
    const { body } = await stage.admin.get('/delete-tags/team/app?all=1&q=pr-*');
    expect(body).toContain('Delete 3 tags of team/app?');
    for (const name of ['pr-0', 'pr-1', 'pr-2']) expect(body).toContain(`type="hidden" name="tag" value="${name}"`);
    expect(body).toContain('?all=1&amp;q=pr-*&amp;keep=1');
    expect(asked).toMatchObject([{ match: 'pr-*', pageSize: 1_000 }]);
  });

  test('of more than one deletion can have are the first ones, without a command of a thousand words', async () => {
    left = 1_001;
    expect((await stage.admin.get(`${path}?q=pr-`)).body).toContain('Select the first 1000 that match');
    const { body } = await stage.admin.get('/delete-tags/team/app?all=1&q=pr-');
    expect(body).toContain('Delete 1,000 tags');
    expect(body).not.toContain('mcrctl tag delete');
  });

  test.each(['?all=1', '?all=1&age=3', '?all=1&q=', '?all=1&signed=maybe'])(
    'are not all of them for %s, which is no filter',
    async (query) => {
      const response = await stage.admin.get(`/delete-tags/team/app${query}`);
      expect(response).toMatchObject({ status: 303, headers: { location: path } });
      expect(asked).toEqual([]);
    },
  );

  test('that match none say so, with a way back', async () => {
    left = 0;
    const { body } = await stage.grace.get(`${path}?q=${encodeURIComponent(hostile)}`);
    expect(body).not.toContain(hostile);
  });
});

describe('a filter', () => {
  test.each([
    ['pr-*', true],
    ['1.?', true],
    ['pr', false],
    ['a b*', false],
    ['[a]*', false],
  ])('with the text %j is a pattern: %j', (text, expected) => {
    expect(isPattern(text)).toBe(expected);
    expect(tagsRequest(parseTagFilter(new URLSearchParams({ q: text })), 0)).toEqual(
      expected ? { match: text } : { search: text },
    );
  });

  test('takes what the page offers, and nothing else', () => {
    const parse = (fields: Record<string, string>) => parseTagFilter(new URLSearchParams(fields));
    expect(parse({ age: '31', signed: 'x', platform: 'a b' })).toEqual({ q: '', age: '', platform: '', signed: '' });
    expect(filterWords(parse({ q: 'x', signed: 'yes' }))).toBe('x, signed');
  });

  test('leaves images in the order in which they come', () => {
    const tags = [image('b', two), image('a', one), image('c', two)];
    expect(groupTags(tags as never).map((group) => group.map(({ name }) => name))).toEqual([['b', 'c'], ['a']]);
  });
});
