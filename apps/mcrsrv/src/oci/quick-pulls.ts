import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Validation } from '@mcr/auth';
import { isGuest, type RepositoryName } from '@mcr/core';
import { networkOf, type RequestRecord, recordOf } from '@mcr/server-kit';
import { type Caller, limitKey } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';
import { recordLook, recordPull, type Versions } from '../services/manifests/get.ts';
import { type KnownCaller, KnownCallers } from './known-callers.ts';
import { isSameManifest, type KeptManifest, type PreparedManifest, PreparedManifests } from './prepared-manifests.ts';

/** Repositories that are remembered for a caller. Each has cost a pull by the ordinary path, and ends with the validation of its token. */
const maxRepositories = 256;
/** Headers of a request with a body, or of one that waits before it sends one. */
const ofBodies: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'expect']);

/** The client of a connection, as its last pull down the ordinary path has shown it. */
interface Facts {
  readonly caller: Caller;
  readonly route: string | undefined;
  readonly network: string;
  readonly freshUntil: number;
  /** Where the caller may pull. */
  readonly repositories: ReadonlySet<RepositoryName>;
  readonly versions: Versions;
}

type Known = KnownCaller<Facts>;

/** Where callers may pull whose requests rely on one validation of a token. */
interface Rights {
  readonly repositories: Set<RepositoryName>;
  readonly versions: Versions;
}

type OnEnd = (incoming: IncomingMessage, outgoing: ServerResponse, record: RequestRecord) => void;

/**
 * Repeats what the ordinary path did: it decides nothing itself. A pull is responded to here if its client has made one with
 * the same headers, which says who the caller is; if that caller has pulled from the repository, and any caller this manifest, by the
 * ordinary path; and if the store, asked for each request, has the same accounts, rules and manifest as then. Limits, audit, last pulls,
 * log and metrics are as there.
 */
export class QuickPulls {
  readonly #services: ServiceContext;
  readonly #onEnd: OnEnd;
  readonly #prepared = new PreparedManifests();
  readonly #known = new KnownCallers<Facts>();
  readonly #rights = new WeakMap<Validation, Rights>();
  /** Versions that had been read when the ordinary path began with a request: what it decides is by these or later ones. */
  readonly #begun = new WeakMap<IncomingMessage, Versions | undefined>();
  #versions: Versions | undefined;

  constructor(services: ServiceContext, onEnd: OnEnd) {
    this.#services = services;
    this.#onEnd = onEnd;
  }

  /** Responds to a pull that it knows; false, at once or later, for any other request, which it leaves as it was. */
  respond(incoming: IncomingMessage, outgoing: ServerResponse): false | Promise<boolean> {
    const { method, url = '' } = incoming;
    if ((method !== 'GET' && method !== 'HEAD') || !url.includes('/manifests/')) return false;
    const known = this.#known.find(incoming);
    const prepared = this.#prepared.find(url);
    if (known !== undefined && prepared !== undefined && isOf(incoming, known, prepared)) {
      return this.#respond(incoming, outgoing, known, prepared);
    }
    this.#begun.set(incoming, this.#versions);
    // The ordinary path asks in this turn, too: in PostgreSQL that is one statement.
    void this.#readVersions();
    return false;
  }

  /** Keeps what the ordinary path is about to respond with to a caller that may pull. */
  keep(incoming: IncomingMessage, caller: Caller, manifest: KeptManifest): void {
    const versions = this.#begun.get(incoming);
    const { validation } = caller;
    if (versions === undefined || validation === undefined) return;
    const rights = this.#rightsOf(validation, versions);
    rights.repositories.add(manifest.repository);
    this.#keepCaller(incoming, caller, validation, rights);
    this.#prepared.keep(incoming.url ?? '', manifest);
  }

  async #respond(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    known: Known,
    prepared: PreparedManifest,
  ): Promise<boolean> {
    const startedAt = performance.now();
    const { repository, reference } = prepared.manifest;
    let isCurrent = false;
    try {
      const stamp = await this.#services.store.manifests.stamp(repository, reference);
      this.#versions = stamp;
      isCurrent = isSameVersion(stamp, known.versions) && isSameManifest(stamp, prepared.manifest);
    } catch {
      // Whatever fails is for the ordinary path to report.
    }
    if (isCurrent && !outgoing.closed && this.#isAdmitted(incoming, known)) {
      this.#send(incoming, outgoing, startedAt, known, prepared);
      return true;
    }
    this.#begun.set(incoming, this.#versions);
    return false;
  }

  async #readVersions(): Promise<void> {
    // As above.
    this.#versions = await this.#services.store.coordination.versions().catch(() => undefined);
  }

  #isAdmitted({ method }: IncomingMessage, { caller, freshUntil, network }: Known): boolean {
    const { audit, clock, limits } = this.#services;
    if (clock.now() >= freshUntil || (method === 'GET' && audit.isBehind)) return false;
    const rates = isGuest(caller.principal) ? limits.guestRequests : limits.accountRequests;
    if (limits.addressRequests?.isReached(network) === true) return false;
    return rates?.isReached(limitKey(caller)) !== true;
  }

  #send(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    startedAt: number,
    { caller, route, network }: Known,
    prepared: PreparedManifest,
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

  #rightsOf(validation: Validation, versions: Versions): Rights {
    const known = this.#rights.get(validation);
    const isFull = known !== undefined && known.repositories.size >= maxRepositories;
    if (known !== undefined && isSameVersion(known.versions, versions) && !isFull) return known;
    const rights = { repositories: new Set<RepositoryName>(), versions };
    this.#rights.set(validation, rights);
    return rights;
  }
}

/** Whether a request is one that this caller may make, with what it is about prepared. */
function isOf(incoming: IncomingMessage, known: Known, { manifest, body }: PreparedManifest): boolean {
  if (!known.repositories.has(manifest.repository) || (incoming.method === 'GET' && body === undefined)) return false;
  return isSame(incoming.rawHeaders, known.rawHeaders) && incoming.httpVersion === '1.1';
}

function isSameVersion(one: Versions, other: Versions): boolean {
  return one.accounts === other.accounts && one.policy === other.policy;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
