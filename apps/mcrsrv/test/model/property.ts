import fc from 'fast-check';
import { expect } from 'vitest';
import { collect, gracePeriod, type Registry } from '../gc/_registry.ts';
import { anyCommands } from './commands.ts';
import { Model } from './model.ts';
import { Real } from './real.ts';

/**
 * Whatever clients do, and whenever the process dies, the registry shows what the model shows; and in the end nothing is
 * left but what manifests reference. `alter` breaks the registry on purpose.
 */
export function registryProperty(maxCommands: number, alter?: (registry: Registry) => Registry) {
  return fc.asyncProperty(anyCommands(maxCommands), async (commands) => {
    await using real = await Real.create(alter);
    await fc.asyncModelRun(() => ({ model: { models: [new Model(gracePeriod)] }, real }), commands);
    await expectNothingLeft(real);
  });
}

async function expectNothingLeft(real: Real): Promise<void> {
  await real.registry.services.remover.run();
  real.clock.advance(3 * gracePeriod);
  await collect(real.registry, { reconcile: true });
  const { files, blobs, ...rest } = await real.close();
  expect(files).toEqual(blobs);
  expect(rest).toEqual({ unreferenced: 0, uploadFiles: [], uploads: 0, queue: 0, trash: 0, links: 0, deleted: 0 });
}
