import type { CallOptions } from '@connectrpc/connect';
import type { RegistryClient } from './client.ts';

/** A blob of a repository. */
export interface BlobName {
  readonly repository: string;
  readonly digest: string;
}

/** The parts of a blob, as the caller may read them. Throws ConnectErrors. */
export async function* blobParts(
  { registry }: RegistryClient,
  { repository, digest }: BlobName,
  caller: CallOptions,
): AsyncGenerator<{ readonly content: Uint8Array<ArrayBuffer>; readonly size: number }> {
  for (let start = 0; ; ) {
    const { content, size } = await registry.readBlob({ repository, digest, start: BigInt(start) }, caller);
    yield { content: new Uint8Array(content), size: Number(size) };
    start += content.byteLength;
    if (content.byteLength === 0 || start >= Number(size)) return;
  }
}

/** At most the first `limit` bytes of a blob, and its size. */
export async function readStart(
  registry: RegistryClient,
  name: BlobName,
  limit: number,
  caller: CallOptions,
): Promise<{ readonly bytes: Uint8Array; readonly size: number }> {
  const parts: Uint8Array[] = [];
  let [length, whole] = [0, 0];
  for await (const { content, size } of blobParts(registry, name, caller)) {
    whole = size;
    parts.push(content.subarray(0, limit - length));
    length += parts.at(-1)?.byteLength ?? 0;
    if (length >= limit) break;
  }
  return { bytes: Buffer.concat(parts), size: whole };
}
