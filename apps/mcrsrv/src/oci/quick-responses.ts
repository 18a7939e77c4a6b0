import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isGuest, type RepositoryName } from '@mcr/core';
import type { RequestRecord } from '@mcr/server-kit';
import { type Caller, limitKey } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';
import { recordLook, recordPull, type Versions } from '../services/manifests/get.ts';
import type { KnownCaller } from './known-callers.ts';
import { belowRepository, blobPath, manifestPath } from './paths.ts';
import type { IdentifiedManifest, PreparedResponse } from './prepared-manifests.ts';

const routes = { manifest: belowRepository(manifestPath), blob: belowRepository(blobPath) };

/** The client of a connection, as its last pull down the ordinary path has shown it. */
export interface Facts {
  readonly caller: Caller;
  readonly network: string;
  readonly freshUntil: number;
  /** Where the caller may pull. */
  readonly repositories: ReadonlySet<RepositoryName>;
  readonly versions: Versions;
  /** Whether the headers ask for all of a blob, whatever the client has of it. */
  readonly isPlain: boolean;
}

/** A client that is known. */
export type Known = KnownCaller<Facts>;

/** What is sent, and of which manifest; of a blob without one. */
export type QuickResponse = PreparedResponse & { readonly manifest?: IdentifiedManifest };

/** Called when a request has ended. */
export type OnEnd = (incoming: IncomingMessage, outgoing: ServerResponse, record: RequestRecord) => void;

/** Sends responses past the ordinary path. */
export class QuickResponses {
  readonly #services: ServiceContext;
  readonly #onEnd: OnEnd;

  constructor(services: ServiceContext, onEnd: OnEnd) {
    this.#services = services;
    this.#onEnd = onEnd;
  }

  /** Whether limits, the token and the audit log let a request be responded to now. */
  isAdmitted({ method }: IncomingMessage, { caller, freshUntil, network }: Known): boolean {
    const { audit, clock, limits } = this.#services;
    if (clock.now() >= freshUntil || (method === 'GET' && audit.isBehind)) return false;
    const rates = isGuest(caller.principal) ? limits.guestRequests : limits.accountRequests;
    if (limits.addressRequests?.isReached(network) === true) return false;
    return rates?.isReached(limitKey(caller)) !== true;
  }

  /** Sends a response, and does everything that the ordinary path does besides. */
  send(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    startedAt: number,
    { caller, network }: Known,
    { manifest, headers, body, size }: QuickResponse,
  ): void {
    const { limits, tokenUses } = this.#services;
    const { principal, ip, grant } = caller;
    const isHead = incoming.method === 'HEAD';
    const record: RequestRecord = {
      id: randomUUID(),
      ip,
      startedAt,
      awaitsContinue: false,
      bytesIn: 0,
      actor: principal.username,
      route: manifest === undefined ? routes.blob : routes.manifest,
      bytesOut: isHead ? 0 : size,
    };
    outgoing.on('close', () => this.#onEnd(incoming, outgoing, record));
    limits.addressRequests?.rejection(network, true);
    (isGuest(principal) ? limits.guestRequests : limits.accountRequests)?.rejection(limitKey(caller), true);
    if (grant !== undefined) tokenUses.note(grant.id, ip);
    if (manifest !== undefined) {
      if (isHead) recordLook(this.#services, caller, manifest);
      else void recordPull(this.#services, caller, manifest);
    }
    headers[1] = record.id;
    outgoing.writeHead(200, headers);
    outgoing.end(isHead ? undefined : body, 'latin1');
  }
}
