import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildImage,
  buildMultiPlatformIndex,
  createOciClient,
  createSkopeo,
  freePort,
  startProcess,
  startRegistry,
  type TestRegistry,
  writeOciLayout,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { expectSame, expectSuccess } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources } from '../shared.ts';
import { top } from './_util/release.ts';
import { requireTools } from './_util/tools.ts';

describe.skipIf(!requireTools('skopeo', 'docker-registry'))('moving in from another registry', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let old: string;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry());
    old = `127.0.0.1:${await freePort()}`;
    const config = join(directory, 'old.yml');
    const storage = { filesystem: { rootdirectory: join(directory, 'old') } };
    await writeFile(config, JSON.stringify({ version: 0.1, storage, http: { addr: old } }));
    shared.use(await startProcess('docker-registry', ['serve', config]));
    const client = shared.use(createOciClient({ baseUrl: `http://${old}` }));
    await vi.waitFor(async () => expect((await client.request('GET', '/v2/')).status).toBe(200), { timeout: 20_000 });
  });

  test('skopeo sync, as docs/install.md has it, brings every tag and every platform', async () => {
    const skopeo = createSkopeo(await clientOptions(directory, 'skopeo', registry.caPath));
    expectSuccess(await skopeo.login(registry.host, 'admin', registry.adminPassword));
    const contents = { v1: await buildImage({ layers: [{ size: 1000 }] }), v2: await buildMultiPlatformIndex(3) };
    for (const [tag, content] of Object.entries(contents)) {
      await mkdir(join(directory, tag));
      await writeOciLayout(join(directory, tag), content, tag);
      const there = [`oci:${directory}/${tag}:${tag}`, `docker://${old}/team/app:${tag}`] as const;
      expectSuccess(await skopeo.copy(...there, '--all', '--dest-tls-verify=false'));
    }

    const documents = await readFile(join(top, 'docs/install.md'), 'utf8');
    const [, documented = ''] = /^ *skopeo (sync --all .*)$/m.exec(documents) ?? [];
    const command = documented.replaceAll('old.example.com', old).replaceAll('registry.example.com', registry.host);
    expectSuccess(await skopeo.skopeo(...command.split(' '), '--src-tls-verify=false'));

    const client = registry.client();
    for (const [tag, content] of Object.entries(contents)) await expectSame(client, 'team/app', tag, content);
  });
});
