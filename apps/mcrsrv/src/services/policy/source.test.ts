import { setImmediate as nextTurn } from 'node:timers/promises';
import { type MetadataStore, type NewPolicyRule, SqliteMetadataStore } from '@mcr/db';
import { intercepted } from '@mcr/db/testing';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { PolicySource } from './source.ts';

const openRule: NewPolicyRule = {
  priority: 10,
  description: 'all may pull',
  effect: 'allow',
  roles: [],
  accountTypes: [],
  actions: ['registry:pull'],
  repositories: [],
  enabled: true,
};
const change = { actor: {}, now: 0 };
const pull = { subject: 'id', username: 'name', accountType: 'system', roles: [], action: 'registry:pull' } as const;

/** A source over a store of its own; the other store is that of another process. */
async function setUp(onCall: (method: string) => Promise<void> | undefined) {
  await using cleanup = new AsyncDisposableStack();
  const { path } = cleanup.use(await tempDirectory());
  const open = async () => {
    const store = await SqliteMetadataStore.open({ path: `${path}/mcr.db` });
    cleanup.defer(() => store.close());
    return store;
  };
  const [store, other] = [await open(), await open()];
  // What a method has read is there some time before its caller gets it.
  const delayed: MetadataStore = intercepted<MetadataStore>(store, async (method, run) => {
    const result = await run();
    await onCall(method);
    return result;
  });
  const owned = cleanup.move();
  return { source: new PolicySource(delayed), other, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

test('a change of another process decides from the next request on', async () => {
  await using at = await setUp(() => undefined);
  expect((await at.source.decide(pull)).effect).toBe('deny');
  const { id } = await at.other.policy.createRule({ ...change, rule: openRule });
  expect((await at.source.decide(pull)).effect).toBe('allow');
  await at.other.policy.deleteRule({ ...change, id });
  expect((await at.source.decide(pull)).effect).toBe('deny');
});

test.each(['policy', 'coordination'])(
  'rules that were read before a change, by a slow read of store.%s, never replace newer ones',
  async (held) => {
    const release = Promise.withResolvers<void>();
    let calls = 0;
    await using at = await setUp((method) => {
      if (!method.startsWith(held)) return undefined;
      calls += 1;
      return calls === 1 ? release.promise : undefined;
    });
    const { id } = await at.other.policy.createRule({ ...change, rule: openRule });
    const slow = at.source.decide(pull);
    await nextTurn();
    await at.other.policy.deleteRule({ ...change, id });
    const engine = await at.source.current();
    expect(engine.evaluate(pull).effect).toBe('deny');
    release.resolve();
    expect((await slow).effect).toBe('deny');
    expect(engine.evaluate(pull).effect).toBe('deny');
  },
);
