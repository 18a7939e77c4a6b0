import { type Digest, parseContentRange, parseDigest, RegistryError } from '@mcr/core';
import { bodyLength, readBody } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { AppEnv } from '../../http/env.ts';
import type { BlobRecord, UploadRecord } from '../../services/records.ts';
import type { UploadTarget } from '../../services/uploads/find.ts';
import { ChunkOutOfOrder, type UploadPart } from '../../services/uploads/write.ts';
import { emptyResponse } from '../json.ts';
import type { RepositoryRequest } from '../route.ts';

/** The upload that a request's path names. */
export function targetOf({ c, name }: RepositoryRequest): UploadTarget {
  return { repository: name, id: c.req.param('upload') ?? '' };
}

/** The request's body as a part of an upload. `RANGE_INVALID` for a malformed Content-Range. */
export function partOf(c: Context<AppEnv>): UploadPart {
  const { incoming } = c.env;
  const range = c.req.header('content-range');
  const length = bodyLength(incoming);
  return {
    ...(range !== undefined && { range: parseContentRange(range) }),
    ...(length !== undefined && { length }),
    source: readBody(c.env),
    cancel: (reason) => incoming.destroy(reason),
  };
}

/** The digest in the query; `DIGEST_INVALID` when it is malformed, missing, or there twice. */
export function digestParameter(c: Context<AppEnv>, name: 'digest' | 'mount'): Digest | undefined {
  const values = c.req.queries(name) ?? [];
  if (values.length > 1) throw new RegistryError('DIGEST_INVALID', `${name} may stand only once`);
  return values[0] === undefined ? undefined : parseDigest(values[0]);
}

/** Tells where an upload stands. */
export function uploadResponse(request: RepositoryRequest, status: 202 | 204, upload: UploadRecord): Response {
  return emptyResponse(status, uploadHeaders(request, upload));
}

/** Runs a verb that writes to an upload; the 416 for a chunk out of order tells where the upload stands (end-5). */
export async function writing<T>(request: RepositoryRequest, verb: () => Promise<T>): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    if (!(error instanceof ChunkOutOfOrder)) throw error;
    const { code, message, detail, upload } = error;
    throw new RegistryError(code, message, { detail, headers: uploadHeaders(request, upload) });
  }
}

function uploadHeaders({ locations }: RepositoryRequest, upload: UploadRecord): Record<string, string> {
  return {
    Location: locations.upload(upload.repository, upload.id),
    // The grammar has no form for "nothing yet"; 0-0 is what all clients know.
    Range: `0-${Math.max(0, upload.offset - 1)}`,
    'Docker-Upload-UUID': upload.id,
  };
}

/** Tells where a blob lies that is in the repository now. */
export function blobCreated({ locations, name }: RepositoryRequest, { digest }: BlobRecord): Response {
  return emptyResponse(201, { Location: locations.blob(name, digest), 'Docker-Content-Digest': digest });
}
