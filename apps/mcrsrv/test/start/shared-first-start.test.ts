import { expect, test } from 'vitest';
import { registryDirectory } from '../gc/_directory.ts';
import { openRegistry, TestClock } from '../gc/_registry.ts';
import { push } from '../gc/_verbs.ts';

test('processes that start on an empty shared directory at the same time agree on its id, and all of them can write', async () => {
  for (let round = 0; round < 5; round += 1) {
    await using directory = await registryDirectory({ MCR_STORAGE_SHARED: 'true' });
    const clock = new TestClock();
    const registries = await Promise.all([1, 2, 3].map(() => openRegistry(directory, clock)));
    try {
      const [first] = registries;
      const id = await first!.services.store.coordination.blobStoreId();
      for (const [at, registry] of registries.entries()) {
        expect(registry.services.blobs.id).toBe(id);
        expect(await push(registry, `blob ${at}`)).toMatchObject({ size: 6 });
      }
    } finally {
      for (const registry of registries) await registry[Symbol.asyncDispose]();
    }
  }
});
