import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOciClient, freePort, type OciClient, startProcess, type TestCa } from '@mcr/testkit';
import { expect, vi } from 'vitest';

/** Debian's docker-registry, as people run it who move away from it: with TLS and a password. */
export interface OldRegistry {
  readonly host: string;
  readonly username: string;
  readonly password: string;
  /** Past the password, over plain HTTP. */
  readonly client: OciClient;
  /** Where the file of a blob is. */
  readonly blobFile: (digest: string) => string;
}

const account = {
  username: 'ann',
  password: 'secret',
  entry: 'ann:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a',
};

/** Starts it on a directory of its own; `resources` ends it. */
export async function startOldRegistry(
  directory: string,
  ca: TestCa,
  resources: AsyncDisposableStack,
): Promise<OldRegistry> {
  await mkdir(directory);
  const path = (name: string): string => join(directory, name);
  const { certPem, keyPem } = await ca.issue();
  await Promise.all([
    writeFile(path('tls.crt'), certPem),
    writeFile(path('tls.key'), keyPem),
    writeFile(path('htpasswd'), `${account.entry}\n`),
  ]);
  const storage = { filesystem: { rootdirectory: path('data') } };
  const serve = async (name: string, settings: object, http: object): Promise<string> => {
    const addr = `127.0.0.1:${await freePort()}`;
    await writeFile(path(name), JSON.stringify({ version: 0.1, storage, ...settings, http: { addr, ...http } }));
    resources.use(await startProcess('docker-registry', ['serve', path(name)]));
    return addr;
  };
  const open = await serve('open.yml', {}, {});
  const auth = { htpasswd: { realm: 'old', path: path('htpasswd') } };
  const host = await serve('locked.yml', { auth }, { tls: { certificate: path('tls.crt'), key: path('tls.key') } });
  const client = resources.use(createOciClient({ baseUrl: `http://${open}` }));
  const locked = resources.use(createOciClient({ baseUrl: `https://${host}`, ca: ca.caPem }));
  const statuses = async () => {
    const responses = [await client.request('GET', '/v2/'), await locked.request('GET', '/v2/')];
    return responses.map(({ status }) => status);
  };
  await vi.waitFor(async () => expect(await statuses()).toEqual([200, 401]), 20_000);
  return {
    host,
    ...account,
    client,
    blobFile: (digest) => {
      const [, hex = ''] = digest.split(':');
      return path(join('data/docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data'));
    },
  };
}
