import { fileURLToPath } from 'node:url';

/** How a server is broken: by a module that is loaded before it, or by other text in its bundle. */
export type Fault = { readonly preload: string } | { readonly text: RegExp; readonly replacement: string };

const noSync = 'return Promise.resolve();';

/** Servers that are broken on purpose, to see whether the harness notices. */
export const faults = {
  /** No file and no directory of blobs is ever synced. */
  'no-sync': { preload: fileURLToPath(new URL('no-sync.ts', import.meta.url)) },
  /** A file becomes a blob before its bytes are synced. */
  'rename-before-sync': { text: /return this\.#sync\(f(?:data)?sync\d*, fd\);/g, replacement: noSync },
  /** The names of new files are not synced. */
  'no-directory-sync': { text: /(?<=async syncDirectory\(\w+\) \{)/g, replacement: noSync },
  /** An answer does not wait for the log of the database. */
  'no-commit-sync': { text: /"synchronous", "FULL", 2/g, replacement: '"synchronous", "OFF", 0' },
  /** Each statement is committed by itself. */
  'split-transactions': {
    text: /sqlite\.transaction\(\(work\) => work\(\)\)/g,
    replacement: 'Object.assign((work) => work(), { immediate: (work) => work() })',
  },
} as const satisfies Record<string, Fault>;

/** One of {@link faults}. */
export type FaultName = keyof typeof faults;

/** Whether there is such a fault. */
export function isFault(name: string): name is FaultName {
  return Object.hasOwn(faults, name);
}
