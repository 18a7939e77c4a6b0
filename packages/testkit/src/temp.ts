import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onAbruptEnd } from './abrupt-end.ts';

/** A directory that is removed with everything in it when the scope that holds it ends. */
export interface TempDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Children that were just ended may still be writing for a moment, hence the retries. */
const removal = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };

/** Makes an empty directory under the system's temporary directory: `await using directory = await tempDirectory()`. */
export async function tempDirectory(prefix = 'mcr-test-'): Promise<TempDirectory> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  const forget = onAbruptEnd(() => rmSync(path, removal));
  return {
    path,
    async [Symbol.asyncDispose]() {
      forget();
      await rm(path, removal);
    },
  };
}
