import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Answers under way on each connection: more than one where a client does not wait for the first. */
export class Answers {
  readonly #bySocket = new WeakMap<Socket, Set<ServerResponse>>();

  add(socket: Socket, outgoing: ServerResponse): void {
    const answers = this.#bySocket.get(socket) ?? new Set();
    this.#bySocket.set(socket, answers.add(outgoing));
    outgoing.once('close', () => answers.delete(outgoing));
  }

  /** Whether a part of an answer is on its way: anything else on that connection would be taken for the rest of it. */
  hasBegun(socket: Socket): boolean {
    return [...(this.#bySocket.get(socket) ?? [])].some(({ headersSent }) => headersSent);
  }
}
