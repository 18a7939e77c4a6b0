import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { actions } from '@mcr/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDoors } from '../_util/doors.ts';
import { seedImage } from '../_util/images.ts';
import { expectRefusal } from '../_util/rpc.ts';

const day = 86_400_000;
const today = Date.UTC(2026, 5, 15);
const doors = useDoors({ overrides: { clock: { now: () => today + day / 2 } } });
const rpc = (who: 'admin' | 'person' | 'machine' = 'admin') => doors().rpc(who);

describe('GetActivity', () => {
  beforeAll(async () => {
    const event = (type: 'manifest_pushed' | 'manifest_pulled' | 'policy_deny', at: number) => {
      return { type, at, actor: {}, details: {} };
    };
    await doors().server.context.services.store.audit.append([
      event('manifest_pushed', today - 2 * day),
      event('manifest_pulled', today - 1),
      event('manifest_pulled', today - day),
      event('policy_deny', today - day - 1),
      event('policy_deny', today - 40 * day),
    ]);
  });

  test('counts by the day in UTC, from its first moment to its last, oldest first', async () => {
    const { days } = await rpc().audit.getActivity({ days: 3 });
    expect(days.map(({ start, pushes, pulls, denials }) => [timestampMs(start!), pushes, pulls, denials])).toEqual([
      [today - 2 * day, 1n, 0n, 1n],
      [today - day, 0n, 2n, 0n],
      [today, 0n, 0n, 0n],
    ]);
  });

  test('looks at 30 days unless told, and at a leap year at most', async () => {
    expect((await rpc().audit.getActivity({})).days).toHaveLength(30);
    expect((await rpc().audit.getActivity({ days: 366 })).days).toHaveLength(366);
    for (const days of [-1, 367, 2 ** 31 - 1]) {
      await expectRefusal(rpc().audit.getActivity({ days }), Code.InvalidArgument, 'PARAMETER_INVALID');
    }
  });
});

describe('ListPermissions', () => {
  const allowed = async (who: 'admin' | 'person' | 'machine', repository = '') => {
    const { permissions } = await rpc(who).auth.listPermissions({ repository });
    expect(permissions.map(({ action }) => action)).toEqual([...actions]);
    return permissions.filter((it) => it.allowed).map(({ action }) => action);
  };

  test('says what policy lets one do, in a repository and elsewhere', async () => {
    expect(await allowed('admin')).toEqual([...actions]);
    expect(await allowed('machine')).toEqual(['registry:version_check']);
    expect(await allowed('person')).toContain('registry:pull');
    const rule = { priority: 1, effect: 'deny', repositories: ['secret/*'], actions: ['registry:push'] };
    await rpc().policy.createPolicyRule(rule);
    expect(await allowed('person', 'secret/app')).not.toContain('registry:push');
    expect(await allowed('person', 'open/app')).toContain('registry:push');
  });

  test('names a stored rule by its id, and tells only admins what it says of itself', async () => {
    const description = 'Acquisition of Initech';
    const rule = { priority: 2, effect: 'deny', repositories: ['initech/*'], actions: ['registry:pull'], description };
    const { id } = (await rpc().policy.createPolicyRule(rule)).rule!;
    const pull = async (who: 'admin' | 'person', repository: string) => {
      const { permissions } = await rpc(who).auth.listPermissions({ repository });
      return permissions.find(({ action }) => action === 'registry:pull');
    };
    expect(await pull('person', 'initech/app')).toMatchObject({ allowed: false, ruleId: id, rule: `Rule ${id}` });
    expect(await pull('admin', 'initech/app')).toMatchObject({ allowed: false, ruleId: id, rule: description });
    const builtin = { allowed: true, ruleId: -2n, rule: 'People may pull, push, delete and list everywhere' };
    expect(await pull('person', 'open/app')).toMatchObject(builtin);
    await rpc().policy.deletePolicyRule({ id });
  });

  test('refuses what is no name', async () => {
    await expectRefusal(rpc().auth.listPermissions({ repository: 'No' }), Code.InvalidArgument, 'NAME_INVALID');
  });
});

describe('tags by version', () => {
  const versions = ['1.9', '1.10', '2.0.0-rc.1', '2.0.0'];
  beforeAll(() => seedImage(doors().server, 'team/versions', versions.toReversed()));

  test.each([false, true])('are pages of ListTags (details: %j)', async (details) => {
    const seen: string[] = [];
    for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
      const request = { repository: 'team/versions', sort: 'version', details, pageSize: 3, pageToken };
      const { tags, nextPageToken } = await rpc().registry.listTags(request);
      seen.push(...tags.map(({ name }) => name));
      pageToken = nextPageToken || undefined;
    }
    expect(seen).toEqual(versions);
  });

  test('are pages of GET …/tags', async () => {
    const pages = await doors().rest('admin').pages('/v1/repositories/team/versions/tags?sort=version&n=3');
    expect(pages.flatMap((page) => page.tags.map((tag: { name: string }) => tag.name))).toEqual(versions);
  });

  test('are found in upper and lower case', async () => {
    const { tags } = await rpc().registry.listTags({ repository: 'team/versions', search: 'RC' });
    expect(tags.map(({ name }) => name)).toEqual(['2.0.0-rc.1']);
  });
});

describe('PlanTagDeletion and DeleteTags', () => {
  const repository = 'team/app';
  const push = (tags: string[]) => seedImage(doors().server, repository, tags);

  test('delete what the plan says, and refuse a plan that does not hold any more', async () => {
    await push(['v1', 'v2', 'v3']);
    const tags = ['v1', 'v2'];
    const { plan } = await rpc().registry.planTagDeletion({ repository, tags });
    await rpc().registry.deleteTag({ repository, tag: 'v3' });
    const stale = { repository, tags, planId: plan!.id };
    await expectRefusal(rpc().registry.deleteTags(stale), Code.AlreadyExists, 'CONFLICT');
    const { plan: anew } = await rpc().registry.planTagDeletion({ repository, tags });
    await rpc().registry.deleteTags({ repository, tags, planId: anew!.id });
    expect((await rpc().registry.listTags({ repository })).tags).toEqual([]);
    expect((await rpc().registry.listManifests({ repository })).manifests).toEqual([]);
  });

  test('are done when the same plan is sent again', async () => {
    await push(['v1']);
    const deletion = { repository, tags: ['v1'] };
    const { plan } = await rpc().registry.planTagDeletion(deletion);
    const done = { ...deletion, planId: plan!.id };
    expect((await rpc().registry.deleteTags(done)).plan).toMatchObject({ id: plan!.id });
    expect((await rpc().registry.deleteTags(done)).plan).toBeUndefined();
    const other = { ...done, planId: 'another' };
    await expectRefusal(rpc().registry.deleteTags(other), Code.NotFound, 'MANIFEST_UNKNOWN');
  });

  test('keep the manifests when they are told to', async () => {
    await push(['v1']);
    const deletion = { repository, tags: ['v1'], keepManifests: true };
    const { plan } = await rpc().registry.planTagDeletion(deletion);
    await rpc().registry.deleteTags({ ...deletion, planId: plan!.id });
    expect((await rpc().registry.listTags({ repository })).tags).toEqual([]);
    expect((await rpc().registry.listManifests({ repository })).manifests).toHaveLength(1);
  });

  test.each<[string, string[], Parameters<typeof expectRefusal>[2]]>([
    ['no tag', [], 'PARAMETER_INVALID'],
    ['too many tags', Array.from({ length: 1_001 }, (_, at) => `v${at}`), 'PARAMETER_INVALID'],
    ['what is no tag', ['-'], 'TAG_INVALID'],
  ])('refuse %s', async (_what, tags, code) => {
    await expectRefusal(rpc().registry.planTagDeletion({ repository, tags }), Code.InvalidArgument, code);
    await expectRefusal(rpc().registry.deleteTags({ repository, tags, planId: 'x' }), Code.InvalidArgument, code);
  });

  test('refuse a tag that is not there', async () => {
    const missing = rpc().registry.planTagDeletion({ repository, tags: ['nothing'] });
    await expectRefusal(missing, Code.NotFound, 'MANIFEST_UNKNOWN');
  });
});
