import type { Asked, FromWorker, ToWorker, WorkerStart } from './messages.ts';

type Later = Asked | Extract<ToWorker, { readonly type: 'tickets' }>;

/** What the primary says to this worker. */
export class PrimaryMessages {
  readonly #start = Promise.withResolvers<WorkerStart>();
  readonly #drain = Promise.withResolvers<void>();
  readonly #stop = Promise.withResolvers<void>();
  /** What to do with questions and new keys; the primary sends none before this worker listens. */
  respond: (message: Later) => void = () => {};

  constructor() {
    process.on('message', (message: ToWorker) => {
      switch (message.type) {
        case 'start':
          return this.#start.resolve(message.start);
        case 'drain':
          return this.#drain.resolve();
        case 'stop':
          return this.#stop.resolve();
        case 'ask':
        case 'tickets':
          return this.respond(message);
      }
    });
  }

  get start(): Promise<WorkerStart> {
    return this.#start.promise;
  }

  /** To stop accepting connections, since another worker does. */
  get drain(): Promise<void> {
    return this.#drain.promise;
  }

  /** To stop within the time that the configuration says. */
  get stop(): Promise<void> {
    return this.#stop.promise;
  }
}

/** Sends a message to the primary, and waits until it is on its way; one to a primary that is gone is dropped. */
export async function send(message: FromWorker): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.send?.(message, undefined, {}, () => resolve());
  await promise;
}
