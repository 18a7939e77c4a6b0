import { type Digest, isDigest, isJsonObject, parseStrictJson, type RepositoryName, StrictJsonError } from '@mcr/core';
import type { BlobRecord } from '@mcr/db';
import pLimit from 'p-limit';
import { isDamage, openBytes } from '../blobs/bytes.ts';
import type { ServiceContext } from '../context.ts';

/** What reading a config takes. */
export type ConfigParts = Pick<ServiceContext, 'store' | 'blobs' | 'clock' | 'log'>;

/** So few files are open, whatever many streams of many connections ask for. */
const limitReads = pLimit(16);
/** Configs are a few KiB; one that is larger is not for people to read. */
const maxShownSize = 1024 * 1024;

/** A manifest's JSON; `undefined` for bytes that are none. */
export function readJson(content: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const body = parseStrictJson(content);
    return isJsonObject(body) ? body : undefined;
  } catch (error) {
    if (error instanceof StrictJsonError) return undefined;
    throw error;
  }
}

/** Digest of the config that a manifest names. */
export function configDigest(manifest: Readonly<Record<string, unknown>> | undefined): Digest | undefined {
  const config = manifest?.['config'];
  const digest = isJsonObject(config) ? config['digest'] : undefined;
  return typeof digest === 'string' && isDigest(digest) ? digest : undefined;
}

/** Bytes of a config that is in the repository; `undefined` for one that is not, is too large, or has lost its file. */
export async function readConfig(
  parts: ConfigParts,
  repository: RepositoryName,
  digest: Digest,
): Promise<Uint8Array | undefined> {
  const record = await parts.store.blobs.find(repository, digest, parts.clock.now());
  return record === undefined || record.size > maxShownSize ? undefined : await readBytes(parts, record);
}

/** Bytes of a blob that is small enough for memory; `undefined` for one that is damaged, which is taken out of service. */
export async function readBytes(parts: ConfigParts, record: BlobRecord): Promise<Uint8Array | undefined> {
  return await limitReads(async () => {
    const blob = await openBytes(parts, record);
    if (blob === undefined) return undefined;
    try {
      return new Uint8Array(await new Response(blob.stream()).arrayBuffer());
    } catch (error) {
      if (isDamage(error)) return undefined;
      throw error;
    }
  });
}
