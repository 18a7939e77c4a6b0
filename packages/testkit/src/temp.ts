import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that is removed with everything in it when the scope that holds it ends. */
export interface TempDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty directory under the system's temporary directory: `await using directory = await tempDirectory()`. */
export async function tempDirectory(prefix = 'mcr-test-'): Promise<TempDirectory> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  return {
    path,
    // Children that were just ended may still be writing for a moment, hence the retries.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}
