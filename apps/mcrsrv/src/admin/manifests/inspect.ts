import { parseReference, parseRepositoryName, type RepositoryName } from '@mcr/core';
import type { ListedManifest } from '@mcr/db';
import { type Referrer, RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import type { ServiceContext } from '../../services/context.ts';
import { configDigest, readConfig, readJson } from '../../services/manifests/config.ts';
import { readWhole } from '../../services/manifests/damage.ts';
import { annotationsOf } from '../../services/manifests/listed.ts';
import { authorize, seesEverything } from '../../services/policy/authorize.ts';
import { operation } from '../operation.ts';
import type { Plain } from '../plain.ts';
import { nameless, seesPullers } from './nameless.ts';

/**
 * A manifest with its surroundings and its config, for people: no pull is audited. A caller that may not see all
 * repositories is told of no other that has a blob, too. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`.
 */
export const inspectManifest = operation(
  RegistryService.method.inspectManifest,
  async (services, { caller }, request) => {
    const repository = parseRepositoryName(request.repository);
    const reference = parseReference(request.reference);
    await authorize(services, caller, 'registry:pull', repository);
    const found = await readWhole(services, () => services.store.manifests.inspect(repository, reference));
    const isOpen = await seesEverything(services, caller);
    return {
      ...((await seesPullers(services, caller, repository)) ? found : nameless(found)),
      content: new Uint8Array(found.manifest.content),
      config: await configOf(services, repository, found.manifest.content),
      children: found.children.map((child) => ({ manifest: child, totalSize: child.totalSize })),
      referrers: await referrersOf(services, repository, found.referrers),
      blobs: isOpen ? found.blobs : found.blobs.map((blob) => ({ ...blob, repositories: 1 })),
    };
  },
);

async function configOf(
  services: ServiceContext,
  repository: RepositoryName,
  content: Uint8Array,
): Promise<Uint8Array | undefined> {
  const digest = configDigest(readJson(content));
  return digest === undefined ? undefined : await readConfig(services, repository, digest);
}

/** Those that are not known to be damaged. */
async function referrersOf(
  services: ServiceContext,
  repository: RepositoryName,
  listed: readonly ListedManifest[],
): Promise<readonly Plain<Referrer>[]> {
  const referrers: Plain<Referrer>[] = [];
  for (const manifest of listed) {
    const annotations = await annotationsOf(services, repository, manifest);
    if (annotations !== undefined) referrers.push({ manifest, annotations: { ...annotations } });
  }
  return referrers;
}
