import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseReference, type RepositoryName } from '@mcr/core';
import { networkOf } from '@mcr/server-kit';
import type { Caller } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';
import type { ManifestRecord, Versions } from '../services/manifests/get.ts';
import { manifestHeaders } from './content-headers.ts';
import { KnownCallers } from './known-callers.ts';
import { type PullTarget, pullTarget } from './paths.ts';
import { isSameManifest, type KeptManifest, type PreparedManifest, PreparedManifests } from './prepared-manifests.ts';
import { isSameVersion, PullRights, type Rights } from './pull-rights.ts';
import { type Facts, type Known, type OnEnd, type QuickResponse, QuickResponses } from './quick-responses.ts';
import { readSmallBlob } from './small-blobs.ts';

/** Headers of a request with a body, or of one that waits before it sends one. */
const ofBodies: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'expect']);
/** Headers that may have a blob responded to in part, or not at all. */
const ofParts: ReadonlySet<string> = new Set(['range', 'if-range', 'if-none-match']);

/** A manifest, with its bytes for a GET. */
type ReadManifest = ManifestRecord & Pick<KeptManifest, 'content'>;

/**
 * Repeats what the ordinary path decided: it authorizes nothing itself. A pull is responded to here if its client has made one with
 * the same headers, which says who the caller is; if that caller has pulled from the repository by the ordinary path; and if the
 * store, asked for each request, has the same accounts and rules as then. What is not prepared is read from it. Limits, audit,
 * last pulls, log and metrics are as there.
 */
export class QuickPulls {
  readonly #services: ServiceContext;
  readonly #responses: QuickResponses;
  readonly #prepared = new PreparedManifests();
  readonly #known = new KnownCallers<Facts>();
  readonly #rights = new PullRights();
  /** Versions that had been read when the ordinary path began with a request: what it decides is by these or later ones. */
  readonly #begun = new WeakMap<IncomingMessage, Versions | undefined>();
  #versions: Versions | undefined;

  constructor(services: ServiceContext, onEnd: OnEnd) {
    this.#services = services;
    this.#responses = new QuickResponses(services, onEnd);
  }

  /** Responds to a pull that it knows; false, at once or later, for any other request, which it leaves as it was. */
  respond(incoming: IncomingMessage, outgoing: ServerResponse): false | Promise<boolean> {
    const { method, url = '' } = incoming;
    if ((method !== 'GET' && method !== 'HEAD') || !isOfContent(url)) return false;
    const known = incoming.httpVersion === '1.1' ? this.#known.find(incoming) : undefined;
    if (known !== undefined) {
      const prepared = this.#prepared.find(url);
      if (prepared !== undefined && isFor(incoming, known, prepared)) {
        return this.#repeat(incoming, outgoing, known, prepared);
      }
      const target = pullTarget(url, known.repositories);
      if (target !== undefined && this.#mayRead(incoming, known, target))
        return this.#read(incoming, outgoing, known, target);
    }
    this.#begun.set(incoming, this.#versions);
    // The ordinary path asks in this turn, too: in PostgreSQL that is one statement.
    void this.#readVersions();
    return false;
  }

  /** Keeps that the ordinary path lets a caller pull from a repository, and what it is about to respond with. */
  keep(
    incoming: IncomingMessage,
    caller: Caller,
    repository: RepositoryName,
    manifest?: Omit<KeptManifest, 'repository'>,
  ): void {
    const versions = this.#begun.get(incoming);
    const { validation } = caller;
    if (versions === undefined || validation === undefined) return;
    const rights = this.#rights.of(validation, versions);
    rights.repositories.add(repository);
    this.#keepCaller(incoming, caller, validation.freshUntil, rights);
    if (manifest !== undefined) this.#prepared.keep(incoming.url ?? '', { ...manifest, repository });
  }

  async #repeat(
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
    return this.#end(incoming, outgoing, startedAt, known, isCurrent ? prepared : undefined);
  }

  async #read(incoming: IncomingMessage, outgoing: ServerResponse, known: Known, target: PullTarget): Promise<boolean> {
    const startedAt = performance.now();
    // As above.
    const reading =
      target.kind === 'blobs' ? this.#readBlob(incoming, known, target) : this.#readManifest(incoming, known, target);
    const response = await reading.catch(() => undefined);
    return this.#end(incoming, outgoing, startedAt, known, response);
  }

  /** Reads a manifest and what its pull depends on, both for this request. Throws what the ordinary path would respond with. */
  async #readManifest(
    { method, url = '' }: IncomingMessage,
    known: Known,
    { repository, name }: PullTarget,
  ): Promise<PreparedManifest | undefined> {
    const { coordination, manifests } = this.#services.store;
    const reference = parseReference(name);
    const isHead = method === 'HEAD';
    const read: Promise<ReadManifest> = isHead
      ? manifests.stat(repository, reference)
      : manifests.get(repository, reference);
    const [versions, found] = await Promise.all([coordination.versions(), read]);
    this.#versions = versions;
    if (!isSameVersion(versions, known.versions)) return undefined;
    const { digest, mediaType, content } = found;
    const headers = manifestHeaders(found);
    const manifest = { repository, reference, digest, mediaType, headers };
    return this.#prepared.keep(url, content === undefined ? manifest : { ...manifest, content });
  }

  /** Stores behind a network have no bytes at once; finding a blob there would be done twice. */
  #mayRead({ method }: IncomingMessage, { isPlain }: Known, { kind }: PullTarget): boolean {
    return kind === 'manifests' || (isPlain && (method === 'HEAD' || this.#services.blobs.readAtOnce !== undefined));
  }

  async #readBlob(incoming: IncomingMessage, known: Known, target: PullTarget): Promise<QuickResponse | undefined> {
    const versions = await this.#services.store.coordination.versions();
    this.#versions = versions;
    if (!isSameVersion(versions, known.versions) || !this.#responses.isAdmitted(incoming, known)) return undefined;
    return await readSmallBlob(this.#services, target, incoming.method === 'HEAD');
  }

  /** Sends a response, if there is one; false, with the request as it was, if not. */
  #end(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    startedAt: number,
    known: Known,
    response: QuickResponse | undefined,
  ): boolean {
    if (response !== undefined && !outgoing.closed && this.#responses.isAdmitted(incoming, known)) {
      this.#responses.send(incoming, outgoing, startedAt, known, response);
      return true;
    }
    this.#begun.set(incoming, this.#versions);
    return false;
  }

  async #readVersions(): Promise<void> {
    // As above.
    this.#versions = await this.#services.store.coordination.versions().catch(() => undefined);
  }

  #keepCaller(incoming: IncomingMessage, caller: Caller, freshUntil: number, rights: Rights): void {
    const { socket, headers } = incoming;
    // A name and a password are a login now and then, which only the ordinary path notices.
    const isBearer = /^bearer /i.test(headers.authorization ?? '');
    const names = Object.keys(headers);
    if (!isBearer || names.some((name) => ofBodies.has(name))) return this.#known.forget(socket);
    this.#known.keep(incoming, {
      caller,
      network: networkOf(caller.ip),
      freshUntil,
      isPlain: !names.some((name) => ofParts.has(name)),
      ...rights,
    });
  }
}

/** Whether this is a response to a request of this caller. */
function isFor({ method }: IncomingMessage, { repositories }: Known, { manifest, body }: PreparedManifest): boolean {
  return repositories.has(manifest.repository) && (method === 'HEAD' || body !== undefined);
}

/** Whether a path may be one of a manifest or a blob. */
function isOfContent(url: string): boolean {
  return url.includes('/manifests/') || url.includes('/blobs/');
}
