import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildImage,
  createHelm,
  createPodman,
  createSkopeo,
  type Docker,
  type ProcessResult,
  pushImage,
  requireClient,
  requireExternalAddress,
  startDocker,
  startRegistry,
  type TestRegistry,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectFailure, expectSuccess } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources } from '../shared.ts';

const address = requireExternalAddress();
const denied = /denied|Your token is not for/i;
const rejected = /unauthorized|invalid username\/password|authentication required|access token is unknown/i;

/** What a client does with an image, as `team/app:v1`, of the registry; helm has a chart in its place. */
interface Client {
  login(secret: string): Promise<ProcessResult>;
  pull(image: string): Promise<ProcessResult>;
  /** Pushes what was pulled before. */
  push(from: string, to: string): Promise<ProcessResult>;
}

describe('an access token', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let daemon: Docker | undefined;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    // Clients try a rejected token several times, from one address.
    const env = { MCR_LIMITS_FAILED_LOGINS: '0' };
    registry = shared.use(await startRegistry({ env, ...(address !== undefined && { address }) }));
    const image = await buildImage({ layers: [{ size: 1_000 }] });
    for (const name of ['team/app', 'other/app']) await pushImage(registry.client(), name, 'v1', image);
  });

  const json = (body: object) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const narrowed = { actions: ['registry:pull'], repositories: ['team/**'] };
  const create = async (name: string, fields: object = narrowed): Promise<{ id: string; secret: string }> => {
    const created = await registry.client().request('POST', '/v1/tokens', json({ name, ...fields }));
    expect(created.status, created.text()).toBe(201);
    const { token, secret } = created.json();
    return { id: token.id, secret };
  };
  let made = 0;
  /** Of a short path: podman takes no long one. */
  const ownOptions = () => options(`c${(made += 1)}`);
  const options = (name: string) => clientOptions(directory, name, registry.caPath);
  const at = (image: string) => `${registry.host}/${image}`;

  const clients: Record<string, () => Promise<Client>> = {
    async podman() {
      const podman = createPodman(await ownOptions());
      return {
        login: (secret) => podman.login(registry.host, 'admin', secret),
        pull: (image) => podman.pull(at(image)),
        push: (from, to) => podman.push(at(from), at(to)),
      };
    },
    async skopeo() {
      const skopeo = createSkopeo(await ownOptions());
      const copy = `oci:${join(directory, 'copy')}:v1`;
      return {
        login: (secret) => skopeo.login(registry.host, 'admin', secret),
        pull: (image) => skopeo.copy(`docker://${at(image)}`, copy),
        push: (_, to) => skopeo.copy(copy, `docker://${at(to)}`),
      };
    },
    async helm() {
      const helm = createHelm(await ownOptions());
      const archive = await helm.makeChart('chart', '1.0.0');
      const { secret } = await create(`pusher-${crypto.randomUUID()}`, { repositories: ['team/**', 'other/**'] });
      expectSuccess(await helm.login(registry.host, 'admin', secret));
      for (const namespace of ['team', 'other']) expectSuccess(await helm.push(archive, at(namespace)));
      const namespaceOf = (image: string) => image.split('/', 1)[0] ?? '';
      return {
        login: (own) => helm.login(registry.host, 'admin', own),
        pull: (image) => helm.pull(at(`${namespaceOf(image)}/chart`), '1.0.0'),
        push: async (_, to) => helm.push(await helm.makeChart('chart', '2.0.0'), at(namespaceOf(to))),
      };
    },
    async docker() {
      daemon ??= shared.use(await startDocker(await options('docker')));
      const docker = daemon;
      return {
        login: (secret) => docker.login(registry.host, 'admin', secret),
        pull: (image) => docker.pull(at(image)),
        async push(from, to) {
          await docker.docker('tag', at(from), at(to));
          return await docker.push(at(to));
        },
      };
    },
  };

  describe.each(Object.keys(clients))('as the password of %s', (name) => {
    test.skipIf(!requireClient(name as 'docker'))('pulls what it is for, and nothing once it is revoked', async () => {
      const client = await clients[name]!();
      const { id, secret } = await create(name);
      expectFailure(await client.login(`${secret.slice(0, -1)}${secret.endsWith('x') ? 'y' : 'x'}`), /./);
      expectSuccess(await client.login(secret));
      expectSuccess(await client.pull('team/app:v1'));
      expectFailure(await client.pull('other/app:v1'), denied);
      expectFailure(await client.push('team/app:v1', 'team/app:v2'), denied);
      expect((await registry.client().request('DELETE', `/v1/tokens/${id}`)).status).toBe(204);
      expectFailure(await client.pull('team/app:v1'), rejected);
      expectFailure(await client.login(secret), rejected);
    });

    test.skipIf(!requireClient(name as 'docker'))('pulls nothing once it is rotated, or has expired', async () => {
      const client = await clients[name]!();
      const rotate = async (id: string, fields: object) =>
        (await registry.client().request('POST', `/v1/tokens/${id}:rotate`, json(fields))).status;
      const first = await create(`${name}-rotated`);
      expectSuccess(await client.login(first.secret));
      expectSuccess(await client.pull('team/app:v1'));
      expect(await rotate(first.id, { overlap_seconds: 0 })).toBe(200);
      expectFailure(await client.pull('team/app:v1'), rejected);

      const second = await create(`${name}-expiring`);
      expectSuccess(await client.login(second.secret));
      expectSuccess(await client.pull('team/app:v1'));
      // On a slow machine the time may have passed before the request is looked at.
      const soon = () => rotate(second.id, { expires_at: new Date(Date.now() + 2_000).toISOString() });
      await expect.poll(soon, { timeout: 60_000 }).toBe(200);
      await expect.poll(async () => (await client.pull('team/app:v1')).code, { timeout: 60_000 }).not.toBe(0);
      expectFailure(await client.pull('team/app:v1'), rejected);
    });
  });

  test.skipIf(!requireClient('podman'))('is what podman takes from docker as an identity token', async () => {
    const { secret } = await create('identity');
    const own = await options('identity');
    const podman = createPodman(own);
    const authfile = join(own.directory, 'auth.json');
    const auth = Buffer.from('<token>:').toString('base64');
    await mkdir(own.directory, { recursive: true });
    const auths = { [registry.host]: { auth, identitytoken: secret } };
    await writeFile(authfile, JSON.stringify({ auths }));
    expectSuccess(await podman.podman('pull', '--quiet', '--authfile', authfile, at('team/app:v1')));
    expectFailure(await podman.podman('pull', '--quiet', '--authfile', authfile, at('other/app:v1')), denied);
  });
});
