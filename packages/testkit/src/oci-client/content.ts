import { createHash } from 'node:crypto';
import { mediaTypes } from '@mcr/core';
import type { TestManifest } from '../images.ts';
import type { OciResponse, OpenResponse, RequestInit } from './transport.ts';
import type { Send } from './uploads.ts';

/** Reads, lists and deletes (distribution-spec "Pull", "Content Discovery", "Content Management"). */
export interface Content {
  headBlob(repository: string, digest: string, init?: RequestInit): Promise<OciResponse>;
  /** With the whole body in memory; see `hashBlob` for large ones. */
  getBlob(repository: string, digest: string, init?: RequestInit): Promise<OciResponse>;
  /** Downloads a blob without keeping it, and returns what was received: status, bytes and their sha256 digest. */
  hashBlob(repository: string, digest: string): Promise<{ status: number; size: number; digest: string }>;
  deleteBlob(repository: string, digest: string): Promise<OciResponse>;
  headManifest(repository: string, reference: string, init?: RequestInit): Promise<OciResponse>;
  getManifest(repository: string, reference: string, init?: RequestInit): Promise<OciResponse>;
  /** PUT; the reference may carry a query, for example `sha512:…?tag=v1`. */
  pushManifest(
    repository: string,
    reference: string,
    manifest: Pick<TestManifest, 'bytes' | 'mediaType'>,
    init?: RequestInit,
  ): Promise<OciResponse>;
  /** By digest the manifest, by tag the tag. */
  deleteManifest(repository: string, reference: string): Promise<OciResponse>;
  /** `query` is appended as it is, for example `n=10&last=v1`. */
  tags(repository: string, query?: string): Promise<OciResponse>;
  catalog(query?: string): Promise<OciResponse>;
  referrers(repository: string, digest: string, query?: string): Promise<OciResponse>;
}

const accept = [
  mediaTypes.ociManifest,
  mediaTypes.ociIndex,
  mediaTypes.dockerManifest,
  mediaTypes.dockerManifestList,
].join(', ');

const accepting = (init: RequestInit = {}): RequestInit => ({ ...init, headers: { accept, ...init.headers } });

/** The content verbs over a way to send requests. */
export function createContent(send: Send, open: (method: string, path: string) => Promise<OpenResponse>): Content {
  return {
    headBlob: (repository, digest, init) => send('HEAD', blobPath(repository, digest), init),
    getBlob: (repository, digest, init) => send('GET', blobPath(repository, digest), init),
    async hashBlob(repository, digest) {
      const { status, body } = await open('GET', blobPath(repository, digest));
      const hash = createHash('sha256');
      let size = 0;
      const chunks: AsyncIterable<Buffer> = body;
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.byteLength;
      }
      return { status, size, digest: `sha256:${hash.digest('hex')}` };
    },
    deleteBlob: (repository, digest) => send('DELETE', blobPath(repository, digest)),

    headManifest: (repository, reference, init) => send('HEAD', manifestPath(repository, reference), accepting(init)),
    getManifest: (repository, reference, init) => send('GET', manifestPath(repository, reference), accepting(init)),
    pushManifest: (repository, reference, { bytes, mediaType }, init = {}) =>
      send('PUT', manifestPath(repository, reference), {
        ...init,
        body: bytes,
        headers: { 'content-type': mediaType, ...init.headers },
      }),
    deleteManifest: (repository, reference) => send('DELETE', manifestPath(repository, reference)),

    tags: (repository, query) => send('GET', `/v2/${repository}/tags/list${withQuery(query)}`),
    catalog: (query) => send('GET', `/v2/_catalog${withQuery(query)}`),
    referrers: (repository, digest, query) => send('GET', `/v2/${repository}/referrers/${digest}${withQuery(query)}`),
  };
}

function blobPath(repository: string, digest: string): string {
  return `/v2/${repository}/blobs/${digest}`;
}

function manifestPath(repository: string, reference: string): string {
  return `/v2/${repository}/manifests/${reference}`;
}

function withQuery(query: string | undefined): string {
  return query ? `?${query}` : '';
}
