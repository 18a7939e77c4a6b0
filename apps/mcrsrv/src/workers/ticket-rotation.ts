import { randomBytes } from 'node:crypto';

/** A ticket can be decrypted with its key, so none is kept for longer than a day. */
const rotationMs = 12 * 60 * 60_000;
/** Bytes that Node wants: a name, a key for the MAC and one for AES. */
const keyBytes = 48;

/** The keys of session tickets, which are only in the memory of this registry's processes, and new every 12 hours. */
export class TicketRotation {
  #keys: readonly string[] = [newKey()];
  readonly #timer: NodeJS.Timeout;

  /** `onChange` is called with the keys of each rotation. */
  constructor(onChange: (keys: readonly string[]) => void) {
    this.#timer = setInterval(() => {
      this.#keys = [newKey(), this.#keys[0]!];
      onChange(this.#keys);
    }, rotationMs).unref();
  }

  /** The current key, and the one before it, in hexadecimal. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function newKey(): string {
  return randomBytes(keyBytes).toString('hex');
}
