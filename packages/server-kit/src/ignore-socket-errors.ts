import type { EventEmitter } from 'node:events';

/**
 * Keeps the process alive if a client breaks the connection: an `error` event of a request or response without a
 * listener would end it, and nothing listens while the body of a rejected request is unread. Readers of the body still
 * see the error.
 */
export function ignoreSocketErrors(incoming: EventEmitter, outgoing: EventEmitter): void {
  for (const side of [incoming, outgoing]) side.on('error', () => {});
}
