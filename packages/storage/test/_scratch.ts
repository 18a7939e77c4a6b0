import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Two directories for a store, which do not exist yet, in one that goes when the scope is left. */
export interface Scratch extends AsyncDisposable {
  readonly root: string;
  readonly layersPath: string;
  readonly uploadsPath: string;
}

export async function scratch(): Promise<Scratch> {
  const root = await mkdtemp(join(tmpdir(), 'mcr-storage-'));
  return {
    root,
    layersPath: join(root, 'layers'),
    uploadsPath: join(root, 'uploads'),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
