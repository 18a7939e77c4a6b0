import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '@connectrpc/connect';
import type { Clock } from '@mcr/core';
import type { Logger } from 'pino';
import type { RegistryClient } from '../registry/client.ts';
import { EventStream } from './stream.ts';
import type { Topic } from './topics.ts';
import { type Listener, Watch } from './watch.ts';

/** Streams of one session: below the six connections that a browser opens over HTTP/1.1, so that its pages still load. */
export const maxPerSession = 4;
/** Streams of one account, in all its sessions. */
export const maxPerAccount = 16;
/** Streams of this process. */
export const maxStreams = 200;
/** With many watches each is asked less often, so that all of them ask 40 times a second at most. */
const perWatchMs = 25;
/** Shorter than the time after which proxies close a silent connection, in milliseconds. */
const beatMs = 15_000;

/** Browsers that do not read are not waited for longer, in milliseconds. */
const sentMs = 1_000;

/** Who opens a stream, and what for. */
export interface StreamRequest {
  readonly token: string;
  /** Identity of the account, from the registry. */
  readonly account: string;
  readonly caller: CallOptions;
  readonly topic: Topic;
  /** The version that the page shows. */
  readonly seen: string;
  /** When the session ends unless there is activity, milliseconds since the epoch. */
  readonly until: number;
  /** Closes the connection of a browser that does not read. */
  readonly cut: () => void;
  /** Resolves when the whole response was sent, or its connection is closed. */
  readonly sent: () => Promise<unknown>;
}

/** What the streams need. */
export interface LiveServices {
  readonly registry: RegistryClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** More often than this many milliseconds the registry is not asked about the same. */
  readonly intervalMs: number;
}

interface OpenStream extends Listener, Pick<StreamRequest, 'sent'> {
  readonly token: string;
  readonly account: string;
  readonly watch: Watch;
}

/**
 * The streams of all browsers. Each session asks the registry with its own token, so that a stream tells what that
 * person may see, and ends with the token; pages of one session that want to hear of the same share a watch.
 */
export class LiveHub implements AsyncDisposable {
  readonly #services: LiveServices;
  readonly #streams = new Set<OpenStream>();
  readonly #ofSessions = new Map<string, Set<OpenStream>>();
  readonly #watches = new Map<string, Watch>();
  #beat: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(services: LiveServices) {
    this.#services = services;
  }

  /** Number of open streams. */
  get size(): number {
    return this.#streams.size;
  }

  /** Opens a stream; not while too many are open, nor after this was disposed. */
  open(request: StreamRequest): EventStream | 'full' | 'closed' {
    if (this.#isClosed) return 'closed';
    const { token, account, seen, until, cut, sent } = request;
    const ofSession = this.#ofSessions.get(token) ?? new Set();
    const ofAccount = [...this.#streams].filter((it) => it.account === account).length;
    const isFull = ofSession.size >= maxPerSession || ofAccount >= maxPerAccount || this.size >= maxStreams;
    if (isFull) return 'full';
    const watch = this.#watchOf(request);
    const stream = new EventStream({ cut, onEnd: () => this.#forget(open) });
    const open: OpenStream = { token, account, watch, stream, seen, told: seen, until, sent };
    this.#streams.add(open);
    this.#ofSessions.set(token, ofSession.add(open));
    this.#beat ??= setInterval(() => this.#beatAll(), beatMs).unref();
    watch.add(open);
    return stream;
  }

  /** Ends the streams of a session that was signed out here; of others the registry says so within seconds. */
  endSession(token: string): void {
    for (const { stream } of this.#ofSessions.get(token) ?? []) stream.close({ event: 'end' });
  }

  /** Ends all streams, before the server stops, and waits until browsers have the last of it: they connect again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const sent = [...this.#streams].map(async ({ stream, sent: last }) => {
      const done = last();
      stream.close();
      await done;
    });
    if (sent.length > 0) await Promise.race([Promise.all(sent), sleep(sentMs, undefined, { ref: false })]);
  }

  #watchOf({ token, topic, caller }: StreamRequest): Watch {
    const key = `${token}\n${topic.key}`;
    const known = this.#watches.get(key);
    if (known !== undefined) return known;
    const watch = new Watch({
      ...this.#services,
      topic,
      caller,
      delayMs: () => Math.max(this.#services.intervalMs, this.#watches.size * perWatchMs),
      onEmpty: () => this.#watches.delete(key),
    });
    this.#watches.set(key, watch);
    return watch;
  }

  #forget(open: OpenStream): void {
    this.#streams.delete(open);
    const ofSession = this.#ofSessions.get(open.token);
    ofSession?.delete(open);
    if (ofSession?.size === 0) this.#ofSessions.delete(open.token);
    open.watch.remove(open);
    if (this.#streams.size > 0) return;
    clearInterval(this.#beat);
    this.#beat = undefined;
  }

  #beatAll(): void {
    for (const { stream } of this.#streams) stream.beat();
  }
}
