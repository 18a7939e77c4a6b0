import { digestOf } from '@mcr/core';
import { databasePool, sharedPostgres, startTcpRelay } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { type MetadataStore, PostgresMetadataStore } from '../src/index.ts';
import { migrate } from '../src/postgres/migrate.ts';
import {
  ada,
  app,
  change,
  hour,
  latest,
  locatorOf,
  manifest,
  other,
  publish,
  push,
  rule,
  start,
} from '../src/testing/fixtures.ts';

const version = 15;
const take = databasePool(version, (url) => migrate({ url }));
beforeAll(() => sharedPostgres(version), 120_000);

const layer = digestOf('layer');
const reviewAfter = start;
const account = { id: 'grace', username: 'grace', type: 'human', roles: ['admin'], passwordHash: 'x' } as const;

interface Case {
  /** Its event, of which there is one in the end. */
  readonly event: string;
  readonly make: (store: MetadataStore) => Promise<unknown>;
  /** What the response of the first attempt says, and that of a second one does not. */
  readonly returned?: unknown;
}

const cases: Readonly<Record<string, Case>> = {
  'a push of a manifest': {
    event: 'manifest_pushed',
    make: (store) => store.manifests.push(manifest(other, 'second', { tags: [latest] })),
    returned: { created: true },
  },
  'a push of a blob': {
    event: 'blob_uploaded',
    make: (store) =>
      store.blobs.publish({
        ...change,
        repository: app,
        digest: digestOf('new'),
        size: 3,
        locator: 'piece',
        upload: { id: 'u1', version: 0 },
        leasedUntil: start + hour,
        reviewAfter,
      }),
    returned: { digest: digestOf('new'), size: 3, locator: 'piece' },
  },
  'a mount': {
    event: 'blob_mounted',
    make: (store) =>
      store.blobs.mount({
        ...change,
        from: app,
        repository: other,
        digest: layer,
        leasedUntil: start + hour,
        reviewAfter,
      }),
    returned: { digest: layer, size: 5, locator: locatorOf(layer) },
  },
  'the deletion of a tag': {
    event: 'tag_deleted',
    make: (store) => store.tags.delete({ ...change, repository: app, tag: latest, reviewAfter }),
  },
  'the deletion of a manifest': {
    event: 'manifest_deleted',
    make: (store) => store.manifests.delete({ ...change, repository: app, digest: digestOf('image'), reviewAfter }),
  },
  'the deletion of a repository': {
    event: 'repo_deleted',
    make: (store) => store.repositories.delete({ ...change, repository: app, reviewAfter }),
  },
  'a new rule': {
    event: 'policy_rule_created',
    make: async (store) => (await store.policy.createRule({ ...change, rule: rule() })).id,
    returned: 1,
  },
  'a new account': {
    event: 'account_created',
    make: async (store) => (await store.accounts.create({ ...change, account })).username,
    returned: 'grace',
  },
};

/** How a transaction ends on the wire: with a COMMIT, or with the one statement that it is. */
const ending = /COMMIT|(?:push_manifest|publish_blob|mount_blob)\(/;

describe('a change whose commit is carried out, but whose response is lost', () => {
  test.each(Object.entries(cases))('%s is made once', async (_, { event, make, returned }) => {
    await using database = await take();
    const address = new URL(database.url);
    await using relay = await startTcpRelay(Number(address.port));
    address.port = String(relay.port);
    const retries: string[] = [];
    const onRetry = (reason: string) => void retries.push(reason);
    const store = await PostgresMetadataStore.open({ url: address.href, onRetry });
    await publish(store, app, 'layer');
    await push(store, app, 'image', { blobs: [layer], tags: [latest] });
    await store.uploads.create({ id: 'u1', repository: app, createdBy: ada.id, now: start });
    await store.close();
    const before = await counts(database.url, event);

    // A new store prepares its statements anew, so that their text is on the wire.
    const again = await PostgresMetadataStore.open({ url: address.href, onRetry });
    let swallowed = 0;
    relay.swallows = (sent) => swallowed === 0 && ending.test(sent.toString('latin1')) && ++swallowed === 1;
    expect(await make(again)).toEqual(returned);
    await again.close();
    expect(swallowed).toBe(1);
    expect(retries).toEqual(['connection']);
    const after = await counts(database.url, event);
    expect(after.events).toBe(before.events + 1);
    expect(after.rules).toBeLessThanOrEqual(1);
    expect(after.accounts).toBeLessThanOrEqual(1);
  });
});

async function counts(url: string, event: string) {
  const store = await PostgresMetadataStore.connect({ url });
  const events = (await store.audit.list({ limit: 100 })).filter(({ type }) => type === event).length;
  const found = {
    events,
    rules: (await store.policy.listRules()).length,
    accounts: (await store.accounts.list({ limit: 9 })).length,
  };
  await store.close();
  return found;
}
