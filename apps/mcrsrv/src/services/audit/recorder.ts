import { type AuditEvent, RegistryError } from '@mcr/core';
import type { AuditLog } from '@mcr/db';
import type { Logger } from 'pino';

/** An event that no request waits for: this much may be lost in a crash, and it costs its share of a durable commit. */
const queueDelayMs = 25;
/** A group is written at once when it is this large: about 10 ms of the event loop. */
const groupSize = 512;
/** Beyond this many waiting events callers are held back: the log may lag behind, but never without bound. */
const maxWaiting = 8_192;

interface Waiting {
  readonly event: AuditEvent;
  readonly settle: (error?: unknown) => void;
}

/**
 * Writes audit events that belong to no change (pulls, denials, logins) in groups: what requests wait for in one turn of the
 * event loop, with the pulls so far, and then all that has come until that was durable, so that no request waits for a timer. Events of
 * changes are written by the metadata store, inside the change's transaction.
 */
export class AuditRecorder {
  readonly #events: Pick<AuditLog, 'append'>;
  readonly #log: Logger;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  /** Whether a request waits for one of the waiting events. */
  #isAwaited = false;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;

  constructor(events: Pick<AuditLog, 'append'>, log: Logger) {
    this.#events = events;
    this.#log = log;
  }

  /** Resolves when the event is durable. Throws `UNAVAILABLE` when it cannot be written. */
  async record(event: AuditEvent): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: unknown) => (error === undefined ? resolve() : reject(toUnavailable(error)));
      this.#isAwaited = true;
      this.#enqueue({ event, settle });
    });
  }

  /** Whether the log lags behind, so that requests have to wait for their events. */
  get isBehind(): boolean {
    return this.#waiting.length >= maxWaiting;
  }

  /** Queues the event; resolves at once, or, when the log lags behind, once the event is durable. */
  async queue(event: AuditEvent): Promise<void> {
    if (this.isBehind) return await this.record(event);
    this.#enqueue({ event, settle: this.#reportLoss });
  }

  /** Resolves when everything queued so far is written or has failed. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#writing !== undefined) await this.#write();
  }

  readonly #reportLoss = (error?: unknown): void => {
    if (error !== undefined) this.#log.error({ err: error }, 'audit event lost');
  };

  #enqueue(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#waiting.length >= groupSize) void this.#write();
    else this.#plan();
  }

  /** Plans the next group; the end of the one that is being written does so again. */
  #plan(): void {
    if (this.#writing !== undefined) return;
    if (this.#isAwaited) this.#turn ??= setImmediate(() => void this.#write());
    else this.#timer ??= setTimeout(() => void this.#write(), queueDelayMs);
  }

  async #write(): Promise<void> {
    if (this.#writing !== undefined) return await this.#writing;
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = undefined;
    this.#turn = undefined;
    this.#writing = this.#writeGroup();
    await this.#writing;
    this.#writing = undefined;
    if (this.#waiting.length > 0) this.#plan();
  }

  async #writeGroup(): Promise<void> {
    const group = this.#waiting.splice(0, maxWaiting);
    this.#isAwaited = false;
    if (group.length === 0) return;
    try {
      await this.#events.append(group.map(({ event }) => event));
      for (const { settle } of group) settle();
    } catch (error) {
      for (const { settle } of group) settle(error);
    }
  }
}

function toUnavailable(cause: unknown): RegistryError {
  return new RegistryError('UNAVAILABLE', 'The audit log cannot be written, so the request was rejected', { cause });
}
