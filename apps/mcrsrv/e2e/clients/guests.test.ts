import { join } from 'node:path';
import {
  buildImage,
  createPodman,
  createSkopeo,
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

const rejected = /unauthorized|authentication required|denied/i;
const address = requireExternalAddress();

/** A client that has never logged in. */
interface Guest {
  pull(reference: string): Promise<ProcessResult>;
}

describe.each(['docker', 'podman', 'skopeo'] as const)('%s without a login', (name) => {
  const shared = sharedResources();
  const isThere = requireClient(name);
  let registry: TestRegistry;
  let guest: Guest;

  const makers = {
    docker: async (directory: string): Promise<Guest> =>
      shared.use(await startDocker(await clientOptions(directory, 'docker', registry.caPath))),
    podman: async (directory: string): Promise<Guest> =>
      createPodman(await clientOptions(directory, 'podman', registry.caPath)),
    skopeo: async (directory: string): Promise<Guest> => {
      const skopeo = createSkopeo(await clientOptions(directory, 'skopeo', registry.caPath));
      const copies = `oci:${join(directory, 'copies')}`;
      return { pull: (reference) => skopeo.copy(`docker://${reference}`, `${copies}:v1`) };
    },
  };

  beforeAll(async () => {
    if (!isThere) return;
    const directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry(address === undefined ? {} : { address }));
    const image = await buildImage({ layers: [{ size: 1_000 }, { size: 50_000 }] });
    for (const repository of ['public/team/app', 'secret/app']) {
      await pushImage(registry.client(), repository, 'v1', image);
    }
    guest = await makers[name](directory);
  });

  const pull = (repository: string) => guest.pull(`${registry.host}/${repository}:v1`);
  const addRule = async (): Promise<void> => {
    const rule = { account_types: ['anonymous'], actions: ['registry:pull'], repositories: ['public/**'] };
    const response = await registry.client().request('POST', '/v1/policy/rules', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ priority: 10, effect: 'allow', ...rule }),
    });
    expect(response.status, response.text()).toBe(201);
  };

  test.skipIf(!isThere)('pulls nothing, until a rule lets guests, and then what that names', async () => {
    expectFailure(await pull('public/team/app'), rejected);
    await addRule();
    expectSuccess(await pull('public/team/app'));
    const [secret, unknown] = [await pull('secret/app'), await pull('secret/not')];
    for (const failure of [secret, unknown]) expectFailure(failure, rejected);
    const words = (text: string) => text.replaceAll(/secret\/\w+|time="[^"]*"/g, '');
    expect(words(secret.stderr)).toBe(words(unknown.stderr));
  });
});
