import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Digest, digestOf, parseRepositoryName, parseTag, RegistryError } from '@mcr/core';
import { databasePool, sharedPostgres } from '@mcr/testkit';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { type MetadataStore, PostgresMetadataStore } from '../src/index.ts';
import { migrate } from '../src/postgres/migrate.ts';
import { ada, locatorOf, manifest, publish, start } from '../src/testing/fixtures.ts';

const version = 15;
const take = databasePool(version, (url) => migrate({ url }));
beforeAll(() => sharedPostgres(version), 120_000);

const repositories = ['race/a', 'race/b', 'race/c', 'race/d', 'race/e', 'race/f'].map(parseRepositoryName);
const tags = ['x', 'y', 'z'].map(parseTag);
const layers = Array.from({ length: 8 }, (_, at) => `layer ${at}`);
const layersOfImage = 5;
const [pushers, pushes] = [6, 10];

/** Something that stays, since its push was acknowledged and nothing has deleted it. */
interface Kept {
  readonly repository: (typeof repositories)[number];
  readonly digest: Digest;
  readonly blobs: readonly Digest[];
}

function anyOf<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)]!;
}

test.each([60, 150, 400])(
  'pushes, deletions and collections of the same blobs never wait for each other in a circle, with leases of %d steps',
  async (lease) => {
    await using database = await take();
    const stores = await Promise.all([1, 2].map(() => PostgresMetadataStore.open({ url: database.url })));
    const kept = new Map<Digest, Kept>();
    const work = { left: pushers };
    // Pushes take time forward, each a step, so that a slow machine ends no lease early.
    let time = start;
    /** What may happen to a client that leases end before it is done. */
    const unlessGone = async (work: () => Promise<unknown>): Promise<boolean> => {
      try {
        await work();
        return true;
      } catch (error) {
        if (error instanceof RegistryError && error.code === 'MANIFEST_BLOB_UNKNOWN') return false;
        throw error;
      }
    };
    const push = async (store: MetadataStore): Promise<void> => {
      for (let n = 0; n < pushes; n += 1) {
        const repository = anyOf(repositories);
        const texts = layers.toSorted(() => Math.random() - 0.5).slice(0, layersOfImage);
        for (const text of texts) {
          time += 1;
          const now = time;
          const locator = `${locatorOf(digestOf(text))}.${randomBytes(6).toString('hex')}`;
          await publish(store, repository, text, { now, locator, leasedUntil: now + lease, reviewAfter: now + lease });
        }
        const blobs = texts.map((text) => digestOf(text));
        const image = { now: time, blobs, tags: [anyOf(tags)], reviewAfter: time };
        const input = manifest(repository, randomBytes(20).toString('hex'), image);
        if (await unlessGone(() => store.manifests.push(input))) {
          kept.set(input.digest, { repository, digest: input.digest, blobs });
        }
      }
      work.left -= 1;
    };
    const remove = async (store: MetadataStore): Promise<void> => {
      while (work.left > 0) {
        const victim = anyOf([...kept.values()]);
        if (victim !== undefined && kept.delete(victim.digest)) {
          await store.manifests.delete({ actor: ada, now: time, ...victim, reviewAfter: time });
        }
        await sleep(5);
      }
    };
    const collect = async (store: MetadataStore): Promise<void> => {
      while (work.left > 0) {
        await store.gc.review({ now: time, limit: 10 });
        await sleep(2);
      }
    };
    const [one, two] = [stores[0]!, stores[1]!];
    await Promise.all([
      ...Array.from({ length: pushers }, (_, at) => push(at % 2 === 0 ? one : two)),
      ...stores.flatMap((store) => [remove(store), collect(store)]),
    ]);
    expect(kept.size).toBeGreaterThan(0);
    for (const { repository, digest, blobs } of kept.values()) {
      expect(await one.manifests.stat(repository, { kind: 'digest', digest })).toMatchObject({ digest });
      // No lease lasts for so long.
      for (const blob of blobs) expect(await one.blobs.find(repository, blob, time + lease)).toBeDefined();
    }
    await Promise.all(stores.map((store) => store.close()));
    expect(await found(database.url)).toEqual({ deadlocks: '0', forgotten: '0' });
  },
  60_000,
);

/** Deadlocks so far, and blobs that nothing references and no collection will look at. */
async function found(url: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  // What sessions have counted they tell when they end.
  await client.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await client.query(`SELECT
    (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()) AS deadlocks,
    (SELECT count(*) FROM blobs b WHERE NOT EXISTS (SELECT 1 FROM manifest_blobs r WHERE r.blob_id = b.id)
      AND NOT EXISTS (SELECT 1 FROM gc_queue q WHERE q.blob_id = b.id)) AS forgotten`);
  await client.end();
  return rows[0];
}
