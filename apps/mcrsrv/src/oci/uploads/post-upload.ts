import { type Digest, digestOf, isRepositoryName, RegistryError, type RepositoryName } from '@mcr/core';
import { bodyLength } from '@mcr/server-kit';
import { mountBlob } from '../../services/blobs/mount.ts';
import { pushWholeBlob } from '../../services/uploads/push-whole.ts';
import { startUpload } from '../../services/uploads/start.ts';
import type { RepositoryRequest } from '../route.ts';
import { blobCreated, digestParameter, partOf, uploadResponse } from './request.ts';

const emptyDigests: ReadonlySet<Digest> = new Set([digestOf(''), digestOf('', 'sha512')]);

/**
 * `POST /v2/<name>/blobs/uploads/`: mounts (end-11), takes a whole blob (end-4b) or opens a session (end-4a). What
 * cannot be mounted becomes a session: clients give up on any other answer.
 */
export async function postUpload(request: RepositoryRequest): Promise<Response> {
  const { c, services, caller, name } = request;
  const mount = digestParameter(c, 'mount');
  const digest = digestParameter(c, 'digest');
  checkAlgorithm(c.req.query('digest-algorithm'));
  if (mount !== undefined) {
    const from = sourceOf(c.req.queries('from'));
    const mounted = from === 'unusable' ? undefined : await mountBlob(services, caller, name, mount, from);
    if (mounted !== undefined) return blobCreated(request, mounted);
  } else if (digest !== undefined && (bodyLength(c.env.incoming) !== 0 || emptyDigests.has(digest))) {
    return blobCreated(request, await pushWholeBlob(services, caller, name, digest, partOf(c)));
  }
  return uploadResponse(request, 202, await startUpload(services, caller, name));
}

function sourceOf(values: readonly string[] | undefined): RepositoryName | undefined | 'unusable' {
  const [from, ...more] = values ?? [];
  if (from === undefined) return undefined;
  return more.length === 0 && isRepositoryName(from) ? from : 'unusable';
}

/** end-4c: a hint for the hash to come. Both algorithms are verified either way. */
function checkAlgorithm(algorithm: string | undefined): void {
  if (algorithm === undefined || algorithm === 'sha256' || algorithm === 'sha512') return;
  throw new RegistryError('DIGEST_INVALID', 'digest-algorithm must be sha256 or sha512', {
    detail: { algorithm: algorithm.slice(0, 64) },
  });
}
