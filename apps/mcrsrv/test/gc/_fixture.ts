import type { GcRun } from '@mcr/db';
import { beforeEach } from 'vitest';
import { type RegistryDirectory, registryDirectory } from './_directory.ts';
import { collect, openRegistry, type Registry } from './_registry.ts';
import type { Hold } from './_steps.ts';

/** The registry of the test that is running. */
export interface CurrentRegistry {
  registry: Registry;
  directory: RegistryDirectory;
}

/** Gives each test of the file an empty registry. */
export function useRegistry(env: Record<string, string> = {}): CurrentRegistry {
  const current = {} as CurrentRegistry;
  beforeEach(async () => {
    await using cleanup = new AsyncDisposableStack();
    current.directory = cleanup.use(await registryDirectory(env));
    current.registry = cleanup.use(await openRegistry(current.directory));
    const owned = cleanup.move();
    return () => owned.disposeAsync();
  });
  return current;
}

/** A collection that has got as far as a call and is held there. */
export interface HeldRun {
  /** Lets it go on, and resolves with how it ended. */
  finish(): Promise<GcRun>;
}

/** Starts a collection that stops at `hold`, and resolves once it is there. */
export async function collectUpTo(registry: Registry, hold: Hold, options?: { reconcile: boolean }): Promise<HeldRun> {
  const run = collect(registry, options);
  // The caller that lets it go on looks at how it ends.
  run.catch(() => {});
  await hold.reached;
  return {
    finish() {
      hold.release();
      return run;
    },
  };
}
