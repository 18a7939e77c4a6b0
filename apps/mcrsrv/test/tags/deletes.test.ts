import { Code, ConnectError } from '@connectrpc/connect';
import { blobOf } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { leavingNothing } from '../_util/traces.ts';

const api = useAdminApi();
const server = () => api().server;
const config = blobOf('{}');
const image = imageOf(config);
/** Tags that begin like something else, the one with which the vulnerability let one in among them. */
const tags = ['v1', 'latest', `sha256-${'0'.repeat(64)}`, 'sha256', '_'];

beforeAll(async () => {
  await pushBlobs(server().admin, 'app', config);
  for (const tag of tags) expect((await server().admin.pushManifest('app', tag, image)).status).toBe(201);
});

describe('CVE-2026-41888: where tags cannot be deleted through /v2, no spelling of the request deletes one, not even an admin’s', () => {
  test.each([
    ...tags,
    'v%31',
    '%76%31',
    'v1?x=y',
    `v1?digest=${image.digest}`,
    'v1?tag=latest',
    'V1',
    `${image.digest}@v1`,
    'v1/',
  ])('as %s', async (reference) => {
    await leavingNothing(server(), async () => {
      const response = await server().admin.request('DELETE', `/v2/app/manifests/${reference}`);
      expect([400, 404, 405], String(response.status)).toContain(response.status);
    });
    expect((await server().admin.tags('app')).json().tags).toEqual(tags.toSorted());
  });
});

describe('the admin API deletes tags, for admins only and into the audit log, whatever storage.tag_delete says', () => {
  const tag = 'v1';
  const outcome = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'ok',
      (error: unknown) => Code[ConnectError.from(error).code] ?? '',
    );
  const deletion = { repository: 'app', tags: [tag], keepManifests: true };
  type Caller = 'admin' | 'person';
  const ways: readonly (readonly [name: string, remove: (who: Caller) => Promise<unknown>])[] = [
    ['REST', async (who) => (await api().rest(who).delete(`/v1/repositories/app/tags/${tag}`)).status],
    ['DeleteTag', (who) => outcome(api().rpc(who).registry.deleteTag({ repository: 'app', tag }))],
    ['DeleteTags', (who) => outcome(deleteTags(who))],
  ];

  /** As mcrctl and the web UI do it: what an admin confirms is a plan. */
  async function deleteTags(who: Caller): Promise<unknown> {
    const { plan } = await api().rpc('admin').registry.planTagDeletion(deletion);
    return await api()
      .rpc(who)
      .registry.deleteTags({ ...deletion, planId: plan?.id ?? '' });
  }

  test.each(ways)('%s', async (_, remove) => {
    await leavingNothing(server(), async () => expect([403, 'PermissionDenied']).toContain(await remove('person')));
    expect([204, 'ok']).toContain(await remove('admin'));
    expect((await server().admin.tags('app')).json().tags).not.toContain(tag);
    const [event] = await server().audit('tag_deleted');
    expect(event).toMatchObject({ repository: 'app', actor: { name: 'admin' }, details: { tag } });
    expect((await server().admin.pushManifest('app', tag, image)).status).toBe(201);
  });
});
