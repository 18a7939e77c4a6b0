import { type CallOptions, Code, ConnectError } from '@connectrpc/connect';
import type { Clock } from '@mcr/core';
import type { Logger } from 'pino';
import type { RegistryClient } from '../registry/client.ts';
import type { EventStream, Message } from './stream.ts';
import type { Topic } from './topics.ts';

/** A registry that does not respond is asked less often, in milliseconds. */
const troubleMs = 10_000;

/** A page that listens. */
export interface Listener {
  readonly stream: EventStream;
  /** The version that the page shows. */
  readonly seen: string;
  /** The version of which the page was told last. */
  told: string;
  /** When its session ends, milliseconds since the epoch. */
  readonly until: number;
}

/** What a watch needs. */
export interface WatchOptions {
  readonly registry: RegistryClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly topic: Topic;
  /** The session whose rights count. */
  readonly caller: CallOptions;
  /** Milliseconds until the registry is asked again. */
  readonly delayMs: () => number;
  /** Called when the last page has gone. */
  readonly onEmpty: () => void;
}

/** Asks the registry about one topic on behalf of one session, while a page of that session listens. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Adds a page; the first one has the registry asked at once. */
  add(listener: Listener): void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#timer = setTimeout(() => void this.#poll(), 0);
  }

  /** Removes a page; without any, the registry is not asked any more. */
  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearTimeout(this.#timer);
    this.#options.onEmpty();
  }

  async #poll(): Promise<void> {
    const { clock, delayMs, log } = this.#options;
    // The browser connects again, and its cookie says whether it was active elsewhere.
    for (const { stream, until } of this.#listeners) if (clock.now() > until) stream.close();
    if (this.#listeners.size === 0) return;
    let delay = delayMs();
    try {
      await this.#tell();
    } catch (error) {
      const last = lastMessage(error);
      if (last === undefined) delay = troubleMs;
      else for (const { stream } of this.#listeners) stream.close(last);
      log.debug({ err: error }, 'no news from the registry');
    }
    if (this.#listeners.size > 0) this.#timer = setTimeout(() => void this.#poll(), delay);
  }

  async #tell(): Promise<void> {
    const { topic, registry, caller } = this.#options;
    const { version, since } = await topic.read(registry, caller);
    for (const listener of this.#listeners) {
      if (listener.told === version) continue;
      const message = version === listener.seen ? undefined : await since(listener.seen);
      listener.told = version;
      if (message !== undefined) listener.stream.send(message);
    }
  }
}

/** What ends a stream: the session is over, or the page is about nothing that the caller may see. */
function lastMessage(error: unknown): Message | undefined {
  const { code } = ConnectError.from(error);
  if (code === Code.Unauthenticated) return { event: 'end' };
  const isStop = code === Code.NotFound || code === Code.PermissionDenied || code === Code.InvalidArgument;
  return isStop ? { event: 'stop' } : undefined;
}
