import { growingCache } from '@mcr/server-kit';
import { apiVersion, apiVersionHeader } from '../http/listener.ts';
import type { ResponseHeaders } from '../http/respond.ts';
import type { PulledManifest } from '../services/manifests/get.ts';

/** Memory of all prepared responses, bytes: some 10,000 manifests of an image. */
const maxBytes = 16 * 1024 * 1024;
/** Longer bodies are sent as the bytes they are, and longer manifests, of which there are few, are read each time. */
export const maxString = 16 * 1024;
/** What a prepared response takes beside its content, bytes. */
const entryBytes = 1_024;

/** What a reference pointed to: what a response says follows from it. */
export interface IdentifiedManifest extends PulledManifest {
  readonly mediaType: string;
}

/** A manifest that the ordinary path has responded with. */
export interface KeptManifest extends IdentifiedManifest {
  readonly headers: ResponseHeaders;
  /** Absent after a HEAD. */
  readonly content?: Uint8Array;
}

/** A response as it goes out again. */
export interface PreparedResponse {
  /** Names and values in turn; the second one is the id of the request. */
  readonly headers: string[];
  /** A string has one byte for each character: the only form that Node sends together with the headers. */
  readonly body: string | Uint8Array | undefined;
  readonly size: number;
}

/** A response with a manifest. */
export interface PreparedManifest extends PreparedResponse {
  readonly manifest: IdentifiedManifest;
}

/** Responses with manifests by their path, the latest of each, as many as fit into 16 MiB. */
export class PreparedManifests {
  readonly #prepared = growingCache<PreparedManifest>(maxBytes, ({ body }) => entryBytes + (body?.length ?? 0));

  find(url: string): PreparedManifest | undefined {
    return this.#prepared.get(url);
  }

  /** Prepares a response, and keeps it unless it is long or the path has more to say than the name and the reference. */
  keep(url: string, { headers, content, ...manifest }: KeptManifest): PreparedManifest {
    const prepared = { manifest, ...prepareResponse(headers, content) };
    if (url.includes('?') || url.includes('%')) return prepared;
    // After a HEAD the bytes are still right that a GET has prepared.
    if (content === undefined && isSameManifest(this.find(url)?.manifest, manifest)) return prepared;
    const isShort = prepared.size <= maxString;
    this.#prepared.set(url, isShort ? prepared : { ...prepared, body: undefined });
    return prepared;
  }
}

/** Prepares a response of these headers and this body, or of the headers alone, as to a HEAD. */
export function prepareResponse(headers: ResponseHeaders, content?: Uint8Array): PreparedResponse {
  const fields = Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
  const isShort = content !== undefined && content.length <= maxString;
  return {
    headers: ['X-Request-Id', '', apiVersionHeader, apiVersion, ...fields],
    body: isShort ? Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1') : content,
    size: content?.length ?? 0,
  };
}

type Identity = Pick<IdentifiedManifest, 'digest' | 'mediaType'>;

/** Whether both are the same bytes under the same media type. */
export function isSameManifest(one: Identity | undefined, other: Identity): boolean {
  return one?.digest === other.digest && one.mediaType === other.mediaType;
}
