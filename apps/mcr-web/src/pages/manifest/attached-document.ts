import { type CallOptions, Code } from '@connectrpc/connect';
import type { InspectManifestResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Document } from '../../documents/document.ts';
import { maxDocument, readDocument } from '../../documents/read-document.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { readStart } from '../../registry/read-blob.ts';
import { unless } from '../../registry/unless.ts';
import { kindOf } from '../../ui/media-types.ts';
import type { ManifestFacts } from './read-manifest.ts';

/** What tools attach to images as one file. */
const kinds: ReadonlySet<string> = new Set(['signature', 'attestation', 'SBOM', 'scan report']);

/** What a manifest that a tool attached says, as its only file has it; `undefined` for other manifests, and for files of more than 8 MiB. */
export async function attachedDocument(
  registry: RegistryClient,
  repository: string,
  { manifest }: InspectManifestResponse,
  { layers }: ManifestFacts,
  caller: CallOptions,
): Promise<Document | undefined> {
  const [file, ...others] = layers;
  if (file === undefined || others.length > 0 || file.size > maxDocument) return undefined;
  const isAttached =
    kinds.has(kindOf(manifest?.mediaType ?? '', manifest?.artifactType)) || kinds.has(kindOf('', file.mediaType));
  if (!isAttached) return undefined;
  const name = { repository, digest: file.digest };
  const start = await readStart(registry, name, maxDocument, caller).catch(unless([Code.NotFound], () => undefined));
  return start === undefined || start.size > maxDocument ? undefined : await readDocument(start.bytes);
}
