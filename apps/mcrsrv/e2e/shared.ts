import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClientOptions, createTestCa, tempDirectory } from '@mcr/testkit';
import { afterAll } from 'vitest';

/** What the tests of one file share; everything in it is ended after the last of them, also when setting up failed. */
export function sharedResources(): AsyncDisposableStack {
  const resources = new AsyncDisposableStack();
  afterAll(() => resources.disposeAsync());
  return resources;
}

/** A temporary directory that goes away with the shared resources. */
export async function sharedDirectory(resources: AsyncDisposableStack): Promise<string> {
  return resources.use(await tempDirectory('mcr-e2e-')).path;
}

/** An empty directory for one client, and the authority that it is to trust. */
export async function clientOptions(parent: string, name: string, caPath: string): Promise<ClientOptions> {
  const directory = join(parent, name);
  await mkdir(directory);
  return { directory, caPath };
}

/** An empty directory for a client that trusts an authority which has issued nothing. */
export async function strangerOptions(parent: string): Promise<ClientOptions> {
  const caPath = join(parent, 'another-ca.crt');
  await writeFile(caPath, (await createTestCa()).caPem);
  return await clientOptions(parent, 'stranger', caPath);
}
