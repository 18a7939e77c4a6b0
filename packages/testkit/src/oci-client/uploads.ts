import { setTimeout as sleep } from 'node:timers/promises';
import { openBlob, readBlob, type TestBlob } from '../blobs.ts';
import type { OciResponse, RequestBody, RequestInit } from './transport.ts';

/** Sends one request and reads the whole response. */
export type Send = (method: string, path: string, init?: RequestInit) => Promise<OciResponse>;

/**
 * The shapes in which clients upload a blob (distribution-spec "Pushing blobs"): `put` = POST, then PUT with the whole
 * blob; `post` = one POST with the digest; `stream` = one chunked PATCH without a length, then an empty PUT;
 * `chunkSize` = PATCHes with Content-Range, then an empty PUT.
 */
export type UploadMode = 'put' | 'post' | 'stream' | { readonly chunkSize: number; readonly delay?: number };

/** Uploads, step by step and in one go. A location is the value of the server's Location header. */
export interface Uploads {
  /** POST; `query` is appended as it is, for example `mount=sha256:…&from=a/b`. */
  startUpload(repository: string, query?: string, init?: RequestInit): Promise<OciResponse>;
  /** PATCH, with `Content-Range: start-end` when the offset of the first byte is given. */
  patchUpload(location: string, body: RequestBody, start?: number, init?: RequestInit): Promise<OciResponse>;
  /** PUT with the digest, and with the last or only chunk if there is one. */
  finishUpload(location: string, digest: string, body?: RequestBody, init?: RequestInit): Promise<OciResponse>;
  uploadStatus(location: string, init?: RequestInit): Promise<OciResponse>;
  cancelUpload(location: string, init?: RequestInit): Promise<OciResponse>;
  mountBlob(repository: string, digest: string, from?: string): Promise<OciResponse>;
  /** Uploads a blob in the given shape. Returns the last response: 201, or the first that was not a success. */
  pushBlob(repository: string, blob: TestBlob, mode?: UploadMode): Promise<OciResponse>;
}

const octets = { 'content-type': 'application/octet-stream' };

/** The upload verbs over a way to send requests. */
export function createUploads(send: Send): Uploads {
  const uploads: Uploads = {
    startUpload: (repository, query, init = {}) =>
      send('POST', `/v2/${repository}/blobs/uploads/${query ? `?${query}` : ''}`, withLength(init)),

    patchUpload(location, body, start, init = {}) {
      const range = start === undefined ? {} : { 'content-range': rangeOf(body, start) };
      return send('PATCH', pathOf(location), { ...init, body, headers: { ...octets, ...range, ...init.headers } });
    },

    finishUpload(location, digest, body, init = {}) {
      const path = pathOf(location);
      const target = `${path}${path.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;
      if (body === undefined) return send('PUT', target, withLength(init));
      return send('PUT', target, { ...init, body, headers: { ...octets, ...init.headers } });
    },

    uploadStatus: (location, init) => send('GET', pathOf(location), init),
    cancelUpload: (location, init) => send('DELETE', pathOf(location), init),

    mountBlob(repository, digest, from) {
      const source = from === undefined ? '' : `&from=${encodeURIComponent(from)}`;
      return uploads.startUpload(repository, `mount=${encodeURIComponent(digest)}${source}`);
    },

    pushBlob: (repository, blob, mode = 'put') => pushBlob(uploads, repository, blob, mode),
  };
  return uploads;
}

/** The Location header of a response. Throws with the response when there is none. */
export function locationOf(response: OciResponse): string {
  const location = response.header('location');
  if (location === undefined) throw new Error(`No Location in ${response.status} ${response.text()}`);
  return location;
}

async function pushBlob(uploads: Uploads, repository: string, blob: TestBlob, mode: UploadMode): Promise<OciResponse> {
  const { digest } = blob;
  const whole = { headers: { ...octets, 'content-length': String(blob.size) } };
  if (mode === 'post') {
    return await uploads.startUpload(repository, `digest=${digest}`, { ...whole, body: bodyOf(blob) });
  }
  const started = await uploads.startUpload(repository);
  if (started.status !== 202) return started;
  if (mode === 'put') return await uploads.finishUpload(locationOf(started), digest, bodyOf(blob), whole);
  if (mode === 'stream') {
    const patched = await uploads.patchUpload(locationOf(started), openBlob(blob));
    return patched.status === 202 ? await uploads.finishUpload(locationOf(patched), digest) : patched;
  }
  const bytes = await readBlob(blob);
  let latest = started;
  for (let at = 0; at < bytes.byteLength; at += mode.chunkSize) {
    const chunk = bytes.subarray(at, at + mode.chunkSize);
    latest = await uploads.patchUpload(locationOf(latest), chunk, at);
    if (latest.status !== 202) return latest;
    if (mode.delay) await sleep(mode.delay);
  }
  return await uploads.finishUpload(locationOf(latest), digest);
}

function bodyOf(blob: TestBlob): RequestBody {
  return blob.content instanceof Uint8Array ? blob.content : openBlob(blob);
}

function withLength(init: RequestInit): RequestInit {
  return init.body === undefined ? { ...init, headers: { 'content-length': '0', ...init.headers } } : init;
}

function rangeOf(body: RequestBody, start: number): string {
  if (typeof body === 'string') return rangeOf(Buffer.from(body), start);
  if (body instanceof Uint8Array) return `${start}-${start + body.byteLength - 1}`;
  throw new Error('Give the content-range header of a stream yourself');
}

/** Locations are path-absolute or absolute URLs; requests go to the client's own server in both cases. */
function pathOf(location: string): string {
  if (location.startsWith('/')) return location;
  const { pathname, search } = new URL(location);
  return pathname + search;
}
