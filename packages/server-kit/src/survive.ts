import type { EventEmitter } from 'node:events';

/**
 * Lets the process outlive a client that breaks off: Node ends it for the error of a request or an answer that nobody
 * listens to, and nobody does where the body of a refused request is left unread. Whoever reads gets the error as well.
 */
export function survive(incoming: EventEmitter, outgoing: EventEmitter): void {
  for (const side of [incoming, outgoing]) side.on('error', () => {});
}
