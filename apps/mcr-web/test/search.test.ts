import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, startStage } from './_util/stage.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const asked: unknown[] = [];
let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    registry: {
      search: ({ query, limit }) => {
        asked.push({ query, limit });
        if (query === digest) return { hits: [{ kind: 'manifest', repository: 'team/app', digest }] };
        if (query === 'nothing' || query === 'stor') return { hits: [] };
        return {
          hits: [
            { kind: 'repository', repository: 'team/app' },
            { kind: 'tag', repository: 'team/app', tag: '1.0' },
            { kind: 'manifest', repository: 'team/app', digest },
            { kind: 'account', username: '<b>ann' },
          ],
        };
      },
    },
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

test('the search works as a page, with a link for each hit', async () => {
  const { status, body } = await stage.admin.get('/search?q=docker+pull+host.example%2Fteam%2Fapp%3A1');
  expect(status).toBe(200);
  expect(asked.at(-1)).toEqual({ query: 'docker pull host.example/team/app:1', limit: 0 });
  for (const path of [
    '/repositories/team/app',
    '/repositories/team/app:1.0',
    `/repositories/team/app/manifests/${digest}`,
  ])
    expect(body).toContain(`href="${path}"`);
  expect(body).toContain('&lt;b&gt;ann');
  expect(body).toContain('<!doctype html>');
});

test('while one types, only the hits are sent, and few of them', async () => {
  const { body } = await stage.admin.get('/search?q=team', { 'hx-request': 'true' });
  expect(asked.at(-1)).toEqual({ query: 'team', limit: 5 });
  expect(body).not.toContain('<!doctype');
  expect(body).toContain('href="/repositories/team/app"');
});

test.each([
  ['team/app', '/repositories/team/app'],
  ['host.example:8443/team/app', '/repositories/team/app'],
  ['docker pull host.example/team/app:1.0', '/repositories/team/app:1.0'],
  [digest, `/repositories/team/app/manifests/${digest}`],
])('Enter in the field above every page opens what %j names exactly', async (query, location) => {
  const q = new URLSearchParams({ q: query }).toString();
  expect(await stage.admin.get(`/search?${q}&go=1`)).toMatchObject({ status: 303, headers: { location } });
  expect((await stage.admin.get(`/search?${q}`)).status).toBe(200);
});

test.each(['team', 'app', 'team/app:1', 'team/app:1.00', 'my-team/app', 'ann'])(
  'Enter lists what is found for %j, which names nothing exactly',
  async (query) => {
    expect((await stage.admin.get(`/search?${new URLSearchParams({ q: query, go: '1' }).toString()}`)).status).toBe(
      200,
    );
  },
);

test('an empty field asks for nothing, and a search without hits says so', async () => {
  const before = asked.length;
  expect((await stage.admin.get('/search?q=++', { 'hx-request': 'true' })).body).toBe('');
  expect(asked.length).toBe(before);
  expect((await stage.admin.get('/search?q=nothing')).body).toContain('Nothing that you may see matches “nothing”');
});

test('pages are found that the user may open', async () => {
  expect((await stage.admin.get('/search?q=stor')).body).toMatch(/class="hit" href="\/storage"/);
  expect((await stage.grace.get('/search?q=stor')).body).not.toMatch(/class="hit" href="\/storage"/);
});

test('every page has the field, which needs no script', async () => {
  expect((await stage.grace.get('/repositories')).body).toMatch(/<form class="omni" action="\/search" method="get"/);
});
