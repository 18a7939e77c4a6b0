import { type Digest, parseContentRange, parseDigest, RegistryError } from '@mcr/core';
import { bodyLength, readBody } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { AppEnv } from '../../http/env.ts';
import type { BlobRecord, UploadRecord } from '../../services/records.ts';
import type { UploadTarget } from '../../services/uploads/find.ts';
import { type UploadPart, uploadHeaders } from '../../services/uploads/write.ts';
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
export function uploadResponse(status: 202 | 204, upload: UploadRecord): Response {
  return emptyResponse(status, uploadHeaders(upload));
}

/** Tells where a blob lies that is in the repository now. */
export function blobCreated({ name }: RepositoryRequest, { digest }: BlobRecord): Response {
  return emptyResponse(201, { Location: `/v2/${name}/blobs/${digest}`, 'Docker-Content-Digest': digest });
}
