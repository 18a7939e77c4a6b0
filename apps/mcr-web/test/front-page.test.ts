import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { mediaTypes } from '@mcr/core';
import { expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { startStage } from './_util/stage.ts';

const denied = () => {
  throw new ConnectError('You may not do this', Code.PermissionDenied);
};
const repositories = Array.from({ length: 12 }, (_, at) => ({ name: `team/app-${at}`, tagCount: 2, totalSize: 1024n }));

test('the front page calls each method once, but for figures that are kept, and for others than admins asks about the list before', async () => {
  await using stage = await startStage({ admin: { getStatistics: () => ({ repositories: 3 }) } });
  await stage.grace.get('/');
  expect(stage.registry.calls.toSorted()).toEqual(['ListPermissions', 'ListRepositories', 'ListRepositories']);
  stage.registry.calls.length = 0;
  const { body } = await stage.admin.get('/');
  expect(stage.registry.calls.toSorted()).toEqual([
    'DescribeStorage',
    'GetActivity',
    'GetGCStatus',
    'GetStatistics',
    'GetStatistics',
    'GetStorageUsage',
    'ListAuditEvents',
    'ListRepositories',
    'ListSnapshots',
    'Ready',
  ]);
  expect(body).toContain('There is nothing here that you may see.');
});

test('the front page tells an admin when the identity service does not respond', async () => {
  const words = 'The identity service does not respond.';
  await using well = await startStage({ admin: { ready: () => ({ status: 'ready' }) } });
  expect((await well.admin.get('/')).body).not.toContain(words);
  await using ill = await startStage({ admin: { ready: () => ({ status: 'degraded' }) } });
  expect((await ill.admin.get('/')).body).toContain(words);
});

test('the front page tells an admin when S3 does not respond', async () => {
  const checks = { database: 'ok', storage: 'failed' };
  await using stage = await startStage({ admin: { ready: () => ({ status: 'degraded', checks }) } });
  const { body } = await stage.admin.get('/');
  expect(body).toContain('S3 does not respond.');
  expect(body).not.toContain('identity service');
});

test('figures of all that is stored are read once for some seconds, for admins only', async () => {
  let isAdmin = true;
  const getStatistics = () => (isAdmin ? { repositories: 3 } : denied());
  const getActivity = () => ({ days: [{ pulls: 5n }] });
  await using stage = await startStage({ admin: { getStatistics }, audit: { getActivity } });
  expect((await stage.admin.get('/')).body).toContain('id="activity"');
  stage.registry.calls.length = 0;
  expect((await stage.admin.get('/')).body).toContain('id="activity"');
  expect(stage.registry.calls.toSorted()).toEqual(['GetStatistics', 'ListRepositories']);
  isAdmin = false;
  const { status, body } = await stage.admin.get('/');
  expect(status).toBe(200);
  expect(body).not.toContain('id="activity"');
});

test('the last pushes are read anew as soon as there is one', async () => {
  let pushedAt = 1_000;
  const listRepositories = () => ({ repositories: [{ name: 'team/app', lastPushAt: timestampFromMs(pushedAt) }] });
  await using stage = await startStage({ registry: { listRepositories } });
  const read = async () => {
    stage.registry.calls.length = 0;
    await stage.admin.get('/');
    return stage.registry.calls.includes('ListAuditEvents');
  };
  expect(await read()).toBe(true);
  expect(await read()).toBe(false);
  pushedAt += 1;
  expect(await read()).toBe(true);
});

test('the front page asks for no list that would be denied', async () => {
  await using stage = await startStage({ mayList: false });
  expect((await stage.grace.get('/')).status).toBe(200);
  expect(stage.registry.calls).not.toContain('ListRepositories');
});

test('the front page of an empty registry tells an admin how to push', async () => {
  await using stage = await startStage();
  expect((await stage.admin.get('/')).body).toContain(
    'Nothing is stored yet. Push an image with one of these commands.',
  );
  expect((await stage.grace.get('/')).body).toContain('There is nothing here that you may see.');
  expect((await stage.admin.get('/repositories')).body).toContain('Nothing is stored yet</p>');
  expect((await stage.grace.get('/repositories')).body).toContain('There is nothing here that you may see</p>');
});

test('a push of several platforms is one line, however many manifests it took', async () => {
  const event = { eventType: 'manifest_pushed', repository: 'team/app', actor: { id: 'ci', name: 'ci' } };
  const pushed = (name: string, mediaType: string, tag?: string) => ({
    ...event,
    digest: `sha256:${name}`,
    details: { media_type: mediaType, ...(tag !== undefined && { tag }) },
  });
  const children = ['one', 'two', 'three', 'four'].map((name) => pushed(name, mediaTypes.ociManifest));
  const events = [pushed('index', mediaTypes.ociIndex, 'latest'), pushed('index', mediaTypes.ociIndex, '1.0')];
  await using stage = await startStage({
    registry: { listRepositories: () => ({ repositories }) },
    audit: { listAuditEvents: () => ({ events: [...events, ...children] }) },
  });
  const { body } = await stage.admin.get('/');
  const list = body.slice(body.indexOf('Last pushes'), body.indexOf('Largest repositories'));
  expect(list.replaceAll(/<[^>]*>/g, '')).toContain('team/app:latest, 1.0');
  expect(list.match(/class="digest"/g)).toHaveLength(1);
});

test.each([
  ['as many pushes as are shown', 1, [20]],
  ['too few pushes, each of many events', 5, [20, 40, 140]],
])('the last pushes are read until there are enough: of %s', async (_, events, sizes) => {
  const asked: number[] = [];
  await using stage = await startStage({
    audit: {
      listAuditEvents: ({ pageSize }) => {
        asked.push(pageSize);
        const at = (index: number) => ({ repository: `team/app-${Math.floor(index / events)}`, digest: 'sha256:one' });
        return { events: Array.from({ length: pageSize }, (_event, index) => at(index)), nextPageToken: 'more' };
      },
    },
  });
  await stage.admin.get('/');
  expect(asked).toEqual(sizes);
});

test.each([
  ['', '>12<', '24', '12 KiB'],
  ['more', '>12 or more<', '24 or more', '12 KiB</span> or more'],
])(
  'a user without the role admin sees the sum of the accessible repositories (next page: %j)',
  async (nextPageToken, ...sums) => {
    const listRepositories: NonNullable<Responses['registry']>['listRepositories'] = () => ({
      repositories,
      nextPageToken,
    });
    await using stage = await startStage({ registry: { listRepositories } });
    const { body } = await stage.grace.get('/');
    for (const sum of sums) expect(body).toContain(sum);
    expect(body).toContain('Last pushes');
    expect(body.match(/class="bar-line"/g)).toHaveLength(10);
  },
);

test('an account that may not list repositories still has a front page', async () => {
  await using stage = await startStage({ registry: { listRepositories: denied } });
  const { status, body } = await stage.grace.get('/');
  expect(status).toBe(200);
  expect(body).toContain('You may not list repositories.');
  expect(await stage.grace.get('/repositories')).toMatchObject({ status: 403 });
});

test('a user who loses the role admin keeps the front page, and pages follow the roles that /me finds', async () => {
  const responses: Responses = { admin: { getStatistics: denied }, audit: { listAuditEvents: denied } };
  await using stage = await startStage(responses);
  stage.registry.people['admin'] = ['user'];
  const { status, body } = await stage.admin.get('/');
  expect(status).toBe(200);
  expect(body).not.toContain('Last 30 days');
  expect((await stage.admin.get('/me')).body).not.toContain('href="/policies"');
  expect((await stage.admin.get('/')).body).not.toContain('href="/policies"');
  stage.registry.people['admin'] = ['admin'];
  expect((await stage.admin.get('/me')).body).toContain('href="/policies"');
});
