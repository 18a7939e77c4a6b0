import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { BlobStore } from '../blob-store.ts';
import { blob, bytes, collect } from './content.ts';

/** Cases about the id of a store. */
export function owning(store: () => BlobStore): void {
  test('has no id until it is adopted, and then the first one', async () => {
    expect(store().id).toBeUndefined();
    const id = randomUUID();
    expect(await store().adopt(id)).toBe(id);
    expect(await store().adopt(randomUUID())).toBe(id);
    expect(store().id).toBe(id);
  });

  test.each(['', 'id', '../escape', randomUUID().toUpperCase()])('is not named %j', async (id) => {
    await expect(store().adopt(id)).rejects.toThrow(TypeError);
    expect(store().id).toBeUndefined();
  });

  test('works with an id as without one', async () => {
    const before = await blob(store(), bytes(100, 1));
    await store().adopt(randomUUID());
    const after = await blob(store(), bytes(100, 2));
    await store().check();
    for (const [index, locator] of [before, after].entries()) {
      const found = await collect((await store().open(locator, 100)).stream());
      expect(Buffer.compare(found, bytes(100, index + 1))).toBe(0);
    }
  });
}
