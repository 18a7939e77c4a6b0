import fc from 'fast-check';
import { expect } from 'vitest';
import { anyCommands } from './commands.ts';
import { Possible } from './possible.ts';
import type { Subject } from './subject.ts';

/**
 * Whatever clients do, and whenever the process dies, the registry shows what the model shows; and in the end nothing is
 * left but what manifests reference.
 */
export function registryProperty(maxCommands: number, open: () => Promise<Subject>) {
  return fc.asyncProperty(anyCommands(maxCommands), async (commands) => {
    await using subject = await open();
    const model = { registry: new Possible(new Map()) };
    await fc.asyncModelRun(() => ({ model, real: subject }), commands);
    const { files, blobs, ...rest } = await subject.close();
    expect(files).toEqual(blobs);
    expect(rest).toEqual({ unreferenced: 0, uploadFiles: [], uploads: 0, queue: 0, trash: 0, links: 0, deleted: 0 });
  });
}
