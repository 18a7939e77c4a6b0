import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Validation } from '@mcr/auth';
import { isGuest, type RepositoryName } from '@mcr/core';
import { growingCache, networkOf, type RequestRecord, recordOf } from '@mcr/server-kit';
import { apiVersion, apiVersionHeader } from '../http/listener.ts';
import type { ResponseHeaders } from '../http/respond.ts';
import { type Caller, limitKey } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';
import { type PulledManifest, recordLook, recordPull } from '../services/manifests/get.ts';
import { type KnownCaller, KnownCallers } from './known-callers.ts';

/** Memory of all prepared responses, bytes. */
const maxBytes = 8 * 1024 * 1024;
/** Longer manifests, of which there are few, take the ordinary path. */
const maxContent = 16 * 1024;
/** What a prepared response takes beside its content, bytes. */
const entryBytes = 1_024;
/** Repositories that are remembered for a caller. Each has cost a pull by the ordinary path, and ends with the validation of its token. */
const maxRepositories = 256;
/** Headers of a request with a body, or of one that waits before it sends one. */
const ofBodies: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'expect']);

/** A manifest that the ordinary path has responded with. */
export interface KeptManifest extends PulledManifest {
  readonly headers: ResponseHeaders;
  /** Absent after a HEAD. */
  readonly content?: Uint8Array;
}

/** A response as it goes out again. */
interface Prepared {
  readonly manifest: PulledManifest;
  /** Names and values in turn; the second one is the id of the request. */
  readonly headers: string[];
  /** Its bytes, one for each character: the only form that Node sends together with the headers. */
  readonly body: string | undefined;
  readonly size: number;
}

/** The client of a connection, as its last pull down the ordinary path has shown it. */
interface Facts {
  readonly caller: Caller;
  readonly route: string | undefined;
  readonly network: string;
  readonly freshUntil: number;
  /** Where the caller may pull. */
  readonly repositories: ReadonlySet<RepositoryName>;
  readonly generation: number;
}

type Known = KnownCaller<Facts>;

/** Where callers may pull whose requests rely on one validation of a token. */
interface Rights {
  readonly repositories: Set<RepositoryName>;
  readonly generation: number;
}

type OnEnd = (incoming: IncomingMessage, outgoing: ServerResponse, record: RequestRecord) => void;

/**
 * Repeats what the ordinary path did: it decides nothing itself. A pull is responded to here if its client has made one with
 * the same headers, which says who the caller is; if that caller has pulled from the repository, and any caller this manifest, by the
 * ordinary path; and if nothing in the store has changed since. Limits, audit, last pulls, log and metrics are as there.
 */
export class QuickPulls {
  readonly #services: ServiceContext;
  readonly #onEnd: OnEnd;
  readonly #prepared = growingCache<Prepared>(maxBytes, ({ body }) => entryBytes + (body?.length ?? 0));
  readonly #known = new KnownCallers<Facts>();
  readonly #rights = new WeakMap<Validation, Rights>();
  /** The generation of the store when the ordinary path began with a request. */
  readonly #begun = new WeakMap<IncomingMessage, number>();
  #generation: number | undefined;

  constructor(services: ServiceContext, onEnd: OnEnd) {
    this.#services = services;
    this.#onEnd = onEnd;
  }

  /** Responds to a pull that it knows; returns false for any other request, which it leaves as it was. */
  respond(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    const { method, url = '' } = incoming;
    if (method !== 'GET' && method !== 'HEAD') return false;
    const generation = this.#currentGeneration();
    if (generation === undefined) return false;
    const known = this.#known.find(incoming);
    const prepared = this.#prepared.get(url);
    if (known === undefined || prepared === undefined || !this.#isGood(incoming, known, prepared)) {
      this.#begun.set(incoming, generation);
      return false;
    }
    this.#send(incoming, outgoing, known, prepared);
    return true;
  }

  /** Keeps what the ordinary path is about to respond with to a caller that may pull, unless the store has changed meanwhile. */
  keep(incoming: IncomingMessage, caller: Caller, manifest: KeptManifest): void {
    const generation = this.#begun.get(incoming);
    const { validation } = caller;
    if (generation === undefined || validation === undefined || generation !== this.#currentGeneration()) return;
    const rights = this.#rightsOf(validation, generation);
    rights.repositories.add(manifest.repository);
    this.#keepCaller(incoming, caller, validation, rights);
    this.#keepManifest(incoming.url ?? '', manifest);
  }

  #isGood(incoming: IncomingMessage, known: Known, { manifest, body }: Prepared): boolean {
    const { audit, clock, limits } = this.#services;
    if (known.generation !== this.#generation || clock.now() >= known.freshUntil) return false;
    if (!known.repositories.has(manifest.repository)) return false;
    if (incoming.method === 'GET' && (body === undefined || audit.isBehind)) return false;
    if (!isSame(incoming.rawHeaders, known.rawHeaders) || incoming.httpVersion !== '1.1') return false;
    const rates = isGuest(known.caller.principal) ? limits.guestRequests : limits.accountRequests;
    if (limits.addressRequests?.isReached(known.network) === true) return false;
    return rates?.isReached(limitKey(known.caller)) !== true;
  }

  #send(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { caller, route, network }: Known,
    prepared: Prepared,
  ): void {
    const { limits, tokenUses } = this.#services;
    const { principal, ip, grant } = caller;
    const isHead = incoming.method === 'HEAD';
    const record: RequestRecord = {
      id: randomUUID(),
      ip,
      startedAt: performance.now(),
      awaitsContinue: false,
      bytesIn: 0,
      actor: principal.username,
      ...(route !== undefined && { route }),
      bytesOut: isHead ? 0 : prepared.size,
    };
    outgoing.on('close', () => this.#onEnd(incoming, outgoing, record));
    limits.addressRequests?.rejection(network, true);
    (isGuest(principal) ? limits.guestRequests : limits.accountRequests)?.rejection(limitKey(caller), true);
    if (grant !== undefined) tokenUses.note(grant.id, ip);
    if (isHead) recordLook(this.#services, caller, prepared.manifest);
    else void recordPull(this.#services, caller, prepared.manifest);
    prepared.headers[1] = record.id;
    outgoing.writeHead(200, prepared.headers);
    outgoing.end(isHead ? undefined : prepared.body, 'latin1');
  }

  #keepCaller(incoming: IncomingMessage, caller: Caller, { freshUntil }: Validation, rights: Rights): void {
    const { socket, headers } = incoming;
    // A name and a password are a login now and then, which only the ordinary path notices.
    const isBearer = /^bearer /i.test(headers.authorization ?? '');
    if (!isBearer || Object.keys(headers).some((name) => ofBodies.has(name))) return this.#known.forget(socket);
    const { route } = recordOf(incoming);
    this.#known.keep(incoming, { caller, route, network: networkOf(caller.ip), freshUntil, ...rights });
  }

  #rightsOf(validation: Validation, generation: number): Rights {
    const known = this.#rights.get(validation);
    if (known?.generation === generation && known.repositories.size < maxRepositories) return known;
    const rights = { repositories: new Set<RepositoryName>(), generation };
    this.#rights.set(validation, rights);
    return rights;
  }

  #keepManifest(url: string, { headers, content, ...manifest }: KeptManifest): void {
    // Whatever else a path may have is for the ordinary path.
    if (url.includes('?') || url.includes('%')) return;
    if (content === undefined && this.#prepared.has(url)) return;
    const body =
      content !== undefined && content.length <= maxContent ? Buffer.from(content).toString('latin1') : undefined;
    const fields = Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
    this.#prepared.set(url, {
      manifest,
      headers: ['X-Request-Id', '', apiVersionHeader, apiVersion, ...fields],
      body,
      size: content?.length ?? 0,
    });
  }

  /** What it prepared ends with the generation that it is of. `undefined` if the store fails, which the ordinary path reports. */
  #currentGeneration(): number | undefined {
    const generation = this.#readGeneration();
    if (generation === this.#generation) return generation;
    this.#prepared.clear();
    this.#generation = generation;
    return generation;
  }

  #readGeneration(): number | undefined {
    try {
      return this.#services.store.generation();
    } catch {
      return undefined;
    }
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
