import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const manifest = { digest: `sha256:${'cd'.repeat(32)}`, mediaType: 'application/vnd.oci.image.manifest.v1+json' };
const tags = [
  { name: '1.0', digest: manifest.digest },
  { name: '1.1', digest: manifest.digest, otherTags: ['latest'] },
];
const sent: unknown[] = [];
let isChanged = false;
let isGone = false;
const responses: Responses = {
  registry: {
    getRepository: () => ({ repository: { name: 'team/app', tagCount: 250, manifestCount: 7 } }),
    listTags: () => ({ tags: Array.from({ length: 100 }, (_, at) => ({ name: `v${at}` })) }),
    getGCStatus: () => ({ pending: { blobs: 1, bytes: 5n, lastDueAt: timestampFromMs(Date.UTC(2126, 0, 2)) } }),
    planTagDeletion: (request) => {
      sent.push(request);
      if (isGone) throw new ConnectError('The tag is not in this repository', Code.NotFound);
      return {
        plan: { id: isChanged ? 'plan 2' : 'plan 1', tags, manifests: request.keepManifests ? [] : [manifest] },
      };
    },
    deleteTags: (request) => {
      sent.push(request);
      if (isGone) return {};
      if (isChanged) throw new ConnectError('The plan no longer holds', Code.AlreadyExists);
      return { plan: { tags, manifests: request.keepManifests ? [] : [manifest] } };
    },
    deleteRepository: () => {
      if (isGone) throw new ConnectError('There is no such repository', Code.NotFound);
      return {};
    },
  },
  policy: {
    deletePolicyRule: () => {
      if (isGone) throw new ConnectError('Rule not found', Code.NotFound);
      return {};
    },
  },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  isChanged = false;
  isGone = false;
  sent.length = 0;
  stage.registry.calls.length = 0;
});

const path = '/delete-tags/team/app';

test('the preview of deleting tags has all commands, and says how they differ', async () => {
  const { body } = await stage.admin.get(`${path}?tag=1.0&tag=1.1`);
  expect(stage.registry.calls).toEqual(['GetRepository', 'PlanTagDeletion']);
  expect(body).toContain('<code>mcrctl tag delete team/app:1.0; mcrctl tag delete team/app:1.1</code>');
  expect(body).toContain('which keeps the manifests');
  expect(body).toContain('is kept as <code>latest</code>');
});

test('manifests can be kept', async () => {
  const { body } = await stage.admin.get(`${path}?tag=1.0&tag=1.1&keep=1`);
  expect(body).not.toContain('which keeps the manifests');
  expect(body).toContain('name="keep" value="1"');
  const response = await stage.admin.post(path, { tag: '1.0', keep: '1', plan: 'plan 1' });
  expect(response).toMatchObject({ status: 303, headers: { location: '/repositories/team/app' } });
  expect(sent).toMatchObject([{ keepManifests: true }, { tags: ['1.0'], keepManifests: true, planId: 'plan 1' }]);
  expect((await stage.admin.get('/repositories/team/app')).body).toContain(
    'Deleted 2 tags and 0 manifests. 1 blob (5 B) waits for garbage collection until 2126-01-02 00:00:00 UTC.',
  );
});

test('an outdated preview deletes nothing, and a new one is shown', async () => {
  isChanged = true;
  const { status, body } = await stage.admin.post(path, { tag: '1.0', keep: '', plan: 'plan 1' });
  expect(status).toBe(409);
  expect(body).toContain('nothing was deleted');
  expect(body).toContain('name="plan" value="plan 2"');
  expect(sent).toMatchObject([{ planId: 'plan 1' }, { repository: 'team/app', tags: ['1.0'], keepManifests: false }]);
});

test.each([
  [path, { tag: '1.0', plan: 'plan 1' }, '/repositories/team/app', 'The 1 tag has already been deleted.'],
  [
    '/delete-repository/team/app',
    { confirm: 'team/app' },
    '/repositories',
    'The repository team/app has already been deleted.',
  ],
  ['/policies/7/delete', {}, '/policies', 'Rule 7 has already been deleted.'],
])('%s, sent a second time, says that it is done', async (form, fields, location, words) => {
  isGone = true;
  expect(await stage.admin.post(form, fields)).toMatchObject({ status: 303, headers: { location } });
  expect((await stage.admin.get(location)).body).toContain(words);
});

test('a preview of tags that no longer exist leads back to the repository', async () => {
  isGone = true;
  const response = await stage.admin.get(`${path}?tag=1.0`);
  expect(response).toMatchObject({ status: 303, headers: { location: '/repositories/team/app' } });
  expect((await stage.admin.get('/repositories/team/app')).body).toContain('Some of the tags no longer exist');
});

test('the content of a repository is listed before it is deleted', async () => {
  const { body } = await stage.admin.get('/delete-repository/team/app');
  expect(stage.registry.calls.toSorted()).toEqual(['GetRepository', 'GetRepositoryUsage', 'ListTags']);
  expect(body).toContain('250 tags and 7 manifests');
  expect(body.match(/<code>v\d+<\/code>/g)).toHaveLength(100);
  expect(body).toContain('And 150 more: <a href="/repositories/team/app">');
  expect(body).toContain('<code>mcrctl repo delete team/app</code>');
});

test('a repository is only deleted by its whole name', async () => {
  const wrong = await stage.admin.post('/delete-repository/team/app', { confirm: 'team/ap' });
  expect(wrong.status).toBe(422);
  expect(stage.registry.calls).not.toContain('DeleteRepository');
  const right = await stage.admin.post('/delete-repository/team/app', { confirm: 'team/app' });
  expect(right).toMatchObject({ status: 303, headers: { location: '/repositories' } });
  expect(stage.registry.calls).toContain('DeleteRepository');
});

test.each([
  ['a%00', 400],
  ['a%C3%A9', 303],
  ['a%0d%0aSet-Cookie:x', 400],
])('a name that is none (%s) is no failure', async (name, status) => {
  expect(await stage.admin.get(`/delete-tags/${name}`)).toMatchObject({ status });
});
