import { randomUUID } from 'node:crypto';
import { digestOf } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import type { Change } from '../facets/shared.ts';
import type { NewAccessToken } from '../facets/tokens.ts';
import type { MetadataStore } from '../metadata-store.ts';
import { ada, app, day, hour, latest, locatorOf, manifest, other, publish, push, rule, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

type Facet = keyof MetadataStore;
/** Every method that takes a `Change`, such as `tags.delete`. */
type Mutator = {
  [F in Facet]: {
    [M in keyof MetadataStore[F] & string]: MetadataStore[F][M] extends (input: infer Input) => unknown
      ? Input extends Change
        ? `${F}.${M}`
        : never
      : never;
  }[keyof MetadataStore[F] & string];
}[Facet];

type Run = (store: MetadataStore, change: Change) => Promise<unknown>;

const layer = digestOf('layer');
const image = digestOf('image');
/** A manifest whose content is of another digest. */
const broken = digestOf('broken');
const reviewAfter = start + day;
const inApp = { repository: app, reviewAfter };
const lease = { digest: layer, leasedUntil: start + hour, reviewAfter };
const account = { id: 'new', username: 'new', type: 'human', roles: [], passwordHash: 'x' } as const;
const damaged = { digest: layer, locator: locatorOf(layer) };
const token: NewAccessToken = {
  id: 'another token',
  accountId: 'grace',
  accountName: 'grace',
  name: 'ci',
  actions: [],
  repositories: [],
  scope: 'none',
  expiresAt: start + day,
  secretHash: 'hash',
};
const delegation = { id: 'delegation', accountId: 'grace', accountName: 'grace', pattern: 'team/**' };
const run = { id: 'run', reconcile: false, trigger: 'api' } as const;

/** What each mutator changes in the store that {@link fill} makes. A new mutator does not compile without its line. */
const mutators: Record<Mutator, Run> = {
  'accounts.create': (store, change) => store.accounts.create({ ...change, account }),
  'accounts.update': (store, change) => store.accounts.update({ ...change, id: 'grace', patch: { enabled: false } }),
  'accounts.delete': (store, change) => store.accounts.delete({ ...change, id: 'grace' }),
  'audit.delete': async (store, change) => {
    const [oldest] = (await store.audit.list({ limit: 100 })).slice(-1);
    return await store.audit.delete({ ...change, ids: [oldest?.id ?? 0], file: 'audit.jsonl' });
  },
  'blobs.publish': (store, change) =>
    store.blobs.publish({ ...change, ...lease, repository: other, size: 5, locator: `${locatorOf(layer)}.2` }),
  'blobs.mount': (store, change) => store.blobs.mount({ ...change, ...lease, from: app, repository: other }),
  'blobs.delete': (store, change) => store.blobs.delete({ ...change, ...inApp, digest: layer }),
  'blobs.quarantine': (store, change) => store.blobs.quarantine({ ...change, ...damaged, damage: 'missing' }),
  'blobs.release': (store, change) =>
    store.blobs.release({ ...change, digest: digestOf('damaged'), locator: locatorOf(digestOf('damaged')) }),
  'delegations.grant': (store, change) =>
    store.delegations.grant({ ...change, delegation: { ...delegation, id: 'another', pattern: 'other/*' }, limit: 9 }),
  'delegations.revoke': (store, change) => store.delegations.revoke({ ...change, id: 'delegation' }),
  'gc.startRun': (store, change) => store.gc.startRun({ ...change, ...run, id: 'another' }),
  'gc.finishRun': (store, change) => store.gc.finishRun({ ...change, id: 'run', state: 'completed' }),
  'identities.setBlocked': (store, change) => store.identities.setBlocked({ ...change, id: 'ann', blocked: true }),
  'identities.delete': (store, change) => store.identities.delete({ ...change, id: 'ann' }),
  'inspection.restoreBlob': (store, change) =>
    store.inspection.restoreBlob({ ...change, digest: digestOf('lost'), size: 4, locator: 'lost', reviewAfter }),
  'manifests.push': (store, change) =>
    store.manifests.push({ ...manifest(app, 'new', { blobs: [layer], tags: [latest] }), ...change }),
  'manifests.delete': (store, change) => store.manifests.delete({ ...change, ...inApp, digest: image }),
  'manifests.quarantine': (store, change) =>
    store.manifests.quarantine({ ...change, repository: other, digest: broken }),
  'manifests.release': (store, change) => store.manifests.release({ ...change, repository: app, digest: image }),
  'policy.createRule': (store, change) => store.policy.createRule({ ...change, rule: rule() }),
  'policy.updateRule': (store, change) => store.policy.updateRule({ ...change, id: 1, patch: { enabled: false } }),
  'policy.deleteRule': (store, change) => store.policy.deleteRule({ ...change, id: 1 }),
  'repositories.update': (store, change) =>
    store.repositories.update({ ...change, repository: app, description: 'shop' }),
  'repositories.delete': (store, change) => store.repositories.delete({ ...change, ...inApp }),
  'tags.delete': (store, change) => store.tags.delete({ ...change, ...inApp, tag: latest }),
  'tags.deleteMany': async (store, change) => {
    const deletion = { ...inApp, tags: [latest], withManifests: true };
    // Only the first attempt can plan it.
    const { id } = await store.tags.planDeletion(deletion).catch(() => ({ id: 'plan' }));
    return await store.tags.deleteMany({ ...change, ...deletion, plan: id });
  },
  'tokens.create': (store, change) => store.tokens.create({ ...change, token: { ...token, name: 'other' }, limit: 9 }),
  'tokens.rotate': (store, change) =>
    store.tokens.rotate({ ...change, id: 'token', secretHash: 'next', previousUntil: start, expiresAt: start + day }),
  'tokens.revoke': (store, change) => store.tokens.revoke({ ...change, id: 'token' }),
};

/** The content of a manifest in quarantine cannot be put right but by a push, which releases the manifest, too. */
const changesSomething = (name: string): boolean => name !== 'manifests.release';

async function fill(store: MetadataStore): Promise<void> {
  const change = { actor: ada, now: start };
  await publish(store, app, 'layer');
  const { digest, locator } = await publish(store, app, 'damaged');
  await store.blobs.quarantine({ ...change, digest, locator, damage: 'missing' });
  await push(store, other, 'brokem', { digest: broken });
  await push(store, app, 'image', { blobs: [layer], tags: [latest] });
  await store.policy.createRule({ ...change, rule: rule() });
  for (const id of ['ada', 'grace']) {
    await store.accounts.create({ ...change, account: { ...account, id, username: id, roles: ['admin'] } });
  }
  const attempt = { id: 'attempt', expiresAt: start + day };
  const ann = { id: 'ann', provider: 'corp', subject: '1', username: 'ann', roles: [], attempt };
  await store.identities.signIn({ ...ann, now: start });
  await store.gc.startRun({ ...change, ...run });
  await store.delegations.grant({ ...change, delegation, limit: 9 });
  await store.tokens.create({ ...change, token: { ...token, id: 'token', secretHash: 'other hash' }, limit: 0 });
}

/** Everything that a change may change, as far as lists show it. */
async function stateOf(store: MetadataStore): Promise<unknown> {
  const page = { limit: 100 };
  return [
    await store.statistics(),
    await store.repositories.listSummaries(page),
    await store.tags.listRecords(app, page).catch(() => []),
    await store.inspection.listBlobs(page),
    await store.gc.listTrash(page),
    await store.gc.listRuns(page),
    await store.policy.listRules(),
    await store.accounts.list(page),
    await store.identities.list(page),
    await store.delegations.list(page),
    await store.coordination.versions(),
    await store.audit.list(page),
  ];
}

export function changesContract(current: CurrentStore): void {
  describe('a change with an id', () => {
    test.each(Object.entries(mutators))(
      '%s is made once, and a second attempt returns the same',
      async (name, mutate) => {
        const { store } = current;
        await fill(store);
        const before = await stateOf(store);
        const change = { actor: ada, now: start + 1, changeId: randomUUID() };
        const first = await mutate(store, change);
        const state = await stateOf(store);
        expect(JSON.stringify(state) !== JSON.stringify(before)).toBe(changesSomething(name));
        expect(await mutate(store, { ...change, now: start + 2 })).toEqual(first);
        expect(await stateOf(store)).toEqual(state);
      },
    );

    test('is made again under another id, and without one', async () => {
      const { store } = current;
      const create = (changeId?: string) =>
        store.policy.createRule({ actor: ada, now: start, rule: rule(), ...(changeId && { changeId }) });
      for (const id of ['a', 'b', 'a', undefined, undefined]) await create(id);
      expect(await store.policy.listRules()).toHaveLength(4);
    });

    test('that is rejected is no attempt', async () => {
      const { store } = current;
      const change = { actor: ada, now: start, changeId: randomUUID() };
      const attempt = () => store.repositories.update({ ...change, repository: app, description: 'shop' });
      await expect(attempt()).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
      await push(store, app, 'image');
      expect(await attempt()).toMatchObject({ description: 'shop' });
    });

    test('is made once when it is tried twice at the same time', async () => {
      const { store } = current;
      const change = { actor: ada, now: start, changeId: randomUUID() };
      const attempts = [1, 2, 3].map(() => store.manifests.push({ ...manifest(app, 'image'), ...change }));
      expect(await Promise.all(attempts)).toEqual([{ created: true }, { created: true }, { created: true }]);
      expect(await store.audit.list({ type: 'manifest_pushed', limit: 10 })).toHaveLength(1);
    });
  });
}
