import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildImage,
  buildMultiPlatformIndex,
  createTestCa,
  type OciClient,
  type ProcessResult,
  pushImage,
  run,
  runOk,
  startRegistry,
  type TestImage,
  type TestRegistry,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedDirectory, sharedResources } from '../shared.ts';
import { type OldRegistry, startOldRegistry } from './_util/old-registry.ts';
import { top } from './_util/release.ts';
import { requireTools } from './_util/tools.ts';

/** Paths that differ in all but their last part, and one within another. */
const paths = ['app', 'team0/app', 'team9/app', 'a/b/c/app', 'a/b/c'];
/** More by the number: `MCR_TEST_REPOSITORIES=50`. */
const more = Math.max(0, Number(process.env['MCR_TEST_REPOSITORIES'] ?? 0) - paths.length);
const repositories = [...paths, ...Array.from({ length: more }, (_, at) => `team${at % 7}/group${at % 3}/app${at}`)];
const tags = ['1.0', '2.0', 'latest'];
const pollOptions = 120_000 + repositories.length * 15_000;

describe.skipIf(!requireTools('skopeo', 'docker-registry', 'curl', 'jq'))('moving in from another registry', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let old: OldRegistry;
  let client: OciClient;
  /** Is damaged at the old registry for a while. */
  let broken: TestImage;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry());
    client = registry.client();
    const ca = await createTestCa();
    old = await startOldRegistry(join(directory, 'old'), ca, shared);
    await writeFile(join(directory, 'old-ca.crt'), ca.caPem);
    // skopeo looks for authorities here, and curl where it is told.
    const authorities = { [old.host]: join(directory, 'old-ca.crt'), [registry.host]: registry.caPath };
    for (const [host, file] of Object.entries(authorities)) {
      const folder = join(directory, '.config/containers/certs.d', host);
      await mkdir(folder, { recursive: true });
      await copyFile(file, join(folder, 'ca.crt'));
    }
    for (const [at, repository] of repositories.entries()) {
      const index = await buildMultiPlatformIndex(3, 1000 + at);
      const shareable = await buildImage({ layers: [{ size: 2000 }, { size: 100, seed: repository }] });
      broken = await buildImage({ layers: [{ size: 300, seed: `${repository} 2.0` }] });
      const contents = [shareable, broken, index];
      for (const [number, tag] of tags.entries()) {
        const content = contents[number];
        if (content !== undefined) await pushImage(old.client, repository, tag, content);
      }
    }
  });

  const env = () => ({
    HOME: directory,
    REGISTRY_AUTH_FILE: join(directory, 'auth.json'),
    CURL_CA_BUNDLE: join(directory, 'old-ca.crt'),
  });

  /** Runs a block of shell of docs/install.md, with only its hosts and the size of a page changed. */
  async function runDocumented(name: string): Promise<ProcessResult> {
    const documents = await readFile(join(top, 'docs/install.md'), 'utf8');
    const [, block = ''] = new RegExp(`^\`\`\`sh ${name}\\n(.*?)^\`\`\`$`, 'ms').exec(documents) ?? [];
    expect(block).toContain('old.example.com');
    const hosts = block.replaceAll('old.example.com', old.host).replaceAll('registry.example.com', registry.host);
    return await run('sh', ['-c', hosts.replace('?n=100', '?n=2')], { cwd: directory, env: env() });
  }

  /** Compares all that a reference leads to at both registries, byte by byte, and returns how many things that was. */
  async function expectMoved(repository: string, reference: string): Promise<number> {
    const [before, after] = await Promise.all([
      old.client.getManifest(repository, reference),
      client.getManifest(repository, reference),
    ]);
    expect([before.status, after.status], `${repository} ${reference}`).toEqual([200, 200]);
    expect(after.body.equals(before.body), `${repository} ${reference}`).toBe(true);
    for (const name of ['docker-content-digest', 'content-type']) expect(after.header(name)).toBe(before.header(name));
    const { manifests = [], layers = [], config } = before.json();
    let compared = 1;
    for (const { digest } of manifests) compared += await expectMoved(repository, digest);
    for (const { digest, size } of config === undefined ? [] : [config, ...layers]) {
      expect(await old.client.hashBlob(repository, digest)).toEqual({ status: 200, size, digest });
      expect(await client.hashBlob(repository, digest)).toEqual({ status: 200, size, digest });
      compared += 1;
    }
    return compared;
  }

  test(
    'the commands of docs/install.md copy each repository to its own path, go on after a failure, and can be repeated',
    async () => {
      const logins = { [old.host]: [old.username, old.password], [registry.host]: ['admin', registry.adminPassword] };
      for (const [host, [username = '', password = '']] of Object.entries(logins)) {
        const input = { input: password, env: env() };
        await runOk('skopeo', ['login', '--username', username, '--password-stdin', host], input);
      }
      expect(await runDocumented('list')).toMatchObject({ code: 0, stderr: '' });
      const listed = (await readFile(join(directory, 'repositories'), 'utf8')).trim().split('\n');
      expect(listed.toSorted()).toEqual(repositories.toSorted());

      const file = old.blobFile(broken.layers[0]?.digest ?? '');
      await rename(file, `${file}.away`);
      const where = `${repositories.at(-1)}:2.0`;
      const images = repositories.length * tags.length;
      const first = await runDocumented('copy');
      expect(first, first.stderr).toMatchObject({ code: 1, stdout: expect.stringContaining(`failed  ${where}\n`) });
      expect(first.stdout).toMatch(new RegExp(`\\n${images - 1} copied, 0 the same before, 1 failed\\n$`));

      await rename(`${file}.away`, file);
      const newer = await buildImage({ layers: [{ size: 500, seed: 'newer' }] });
      await pushImage(old.client, 'team9/app', 'latest', newer);
      const second = await runDocumented('copy');
      const sorted = second.stdout.split('\n').slice(0, 2).toSorted();
      expect(sorted, second.stderr).toEqual([`copied  ${where}`, 'copied  team9/app:latest'].toSorted());
      expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining(`\n2 copied, ${images - 2} the same`) });

      let compared = 0;
      for (const repository of repositories) for (const tag of tags) compared += await expectMoved(repository, tag);
      expect(compared).toBeGreaterThan(images * 3);
      expect((await client.catalog('n=1000')).json().repositories).toEqual(repositories.toSorted());
      for (const repository of repositories) expect((await client.tags(repository)).json().tags).toEqual(tags);
    },
    pollOptions,
  );
});
