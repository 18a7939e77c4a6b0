import { type CallOptions, Code } from '@connectrpc/connect';
import type { RegistryClient } from '../../registry/client.ts';
import { unless } from '../../registry/unless.ts';
import { kindOf } from '../../ui/media-types.ts';
import { attachedDocument } from '../manifest/attached-document.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import type { Packages, Side } from './props.ts';

/**
 * The packages of both sides; `undefined` unless both have an SBOM. Of several, those of the first type that both have are
 * compared: two tools list different packages of the same image.
 */
export async function readPackages(
  registry: RegistryClient,
  repository: string,
  [before, after]: readonly [Side, Side],
  caller: CallOptions,
): Promise<Packages | undefined> {
  const [old, current] = [sbomsOf(before), sbomsOf(after)];
  const type = [...current.keys()].find((name) => old.has(name));
  if (type === undefined) return undefined;
  const digests = [old.get(type)!, current.get(type)!] as const;
  const [from, to] = await Promise.all(digests.map((digest) => packagesOf(registry, repository, digest, caller)));
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** Digests of SBOMs by their type. */
function sbomsOf({ found }: Side): ReadonlyMap<string, string> {
  const sboms = found.referrers.filter(
    ({ manifest }) =>
      manifest?.subject === found.manifest?.digest &&
      kindOf(manifest?.mediaType ?? '', manifest?.artifactType) === 'SBOM',
  );
  return new Map(sboms.map(({ manifest }) => [manifest?.artifactType ?? '', manifest?.digest ?? '']));
}

async function packagesOf(
  registry: RegistryClient,
  repository: string,
  reference: string,
  caller: CallOptions,
): Promise<ReadonlyMap<string, string> | undefined> {
  const found = await registry.registry
    .inspectManifest({ repository, reference }, caller)
    .catch(unless([Code.NotFound], () => undefined));
  if (found === undefined) return undefined;
  return (await attachedDocument(registry, repository, found, readManifest(found), caller))?.packages;
}
