import { randomBytes } from 'node:crypto';
import type { Server as TlsServer } from 'node:tls';

/** What takes the keys of its tickets, such as a TLS server. */
type Server = Pick<TlsServer, 'setTicketKeys'>;

/** Lengths of the parts of a key, as Node and OpenSSL have them: a name, a key for the MAC, a key for AES-128. */
const partBytes = 16;
const keyBytes = 3 * partBytes;
const none = Buffer.alloc(partBytes);

/**
 * What OpenSSL does with a ticket: a full handshake instead; use its key for a new ticket; resume the session, and send
 * another ticket, since clients use each once (RFC 8446, appendix C.4).
 */
const [ignored, made, renewed] = [0, 1, 2];

type TicketResponse = readonly [result: number, mac: Buffer, aes: Buffer, name?: Buffer, iv?: Buffer];

/** What Node has no public name for: its public method knows one key, and rejects all tickets of the one before it. */
interface TicketContext {
  onticketkeycallback?: (name: Buffer, iv: Buffer, isNew: boolean) => TicketResponse;
  enableTicketKeyCallback?: () => void;
}

/**
 * Keys of TLS session tickets that several processes share: a client resumes its session at any of them. Tickets are
 * made with the first key and accepted of all keys; other tickets lead to a full handshake.
 */
export class SessionTickets {
  readonly #servers = new Set<Server>();
  #keys: readonly Buffer[];

  /** Keys of 48 bytes, newest first. */
  constructor(keys: readonly Buffer[]) {
    this.#keys = checked(keys);
  }

  /** Uses other keys from now on. */
  replace(keys: readonly Buffer[]): void {
    this.#keys = checked(keys);
    for (const server of this.#servers) server.setTicketKeys(this.#keys[0]!);
  }

  /** To be called for each TLS server, and again when its certificate was replaced. */
  attach(server: Server): void {
    this.#servers.add(server);
    server.setTicketKeys(this.#keys[0]!);
    const { context } = (server as Server & { readonly _sharedCreds?: { readonly context: TicketContext } })
      ._sharedCreds ?? { context: {} };
    if (context.enableTicketKeyCallback === undefined) return;
    context.onticketkeycallback = (name, iv, isNew) => this.#respond(name, iv, isNew);
    context.enableTicketKeyCallback();
  }

  /** Called by OpenSSL in the middle of a handshake; anything but these buffers would end the process. */
  #respond(name: Buffer, _iv: Buffer, isNew: boolean): TicketResponse {
    const at = isNew ? 0 : this.#keys.findIndex((key) => partOf(key, 0).equals(name));
    const key = this.#keys[at];
    if (key === undefined) return [ignored, none, none];
    const [mac, aes] = [partOf(key, 1), partOf(key, 2)];
    if (isNew) return [made, mac, aes, partOf(key, 0), randomBytes(partBytes)];
    return [renewed, mac, aes];
  }
}

function partOf(key: Buffer, at: number): Buffer {
  return key.subarray(at * partBytes, (at + 1) * partBytes);
}

function checked(keys: readonly Buffer[]): readonly Buffer[] {
  if (keys.length === 0 || keys.some(({ length }) => length !== keyBytes))
    throw new Error(`Keys of session tickets must have ${keyBytes} bytes`);
  return keys;
}
