import { type Clock } from '@mcr/core';
import type { AccessTokens, TokenUse } from '@mcr/db';
import type { Logger } from 'pino';

/** How often uses are written, and how exact a time of last use is. */
const writeEveryMs = 10_000;
/** Tokens that are held between two writes; uses of more than that are noted again by their next use. */
const maxHeld = 10_000;

/** What it is made of. */
export interface TokenUsesParts {
  readonly store: Pick<AccessTokens, 'noteUses'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Notes when and where access tokens are used, and writes it down now and then, so that a request costs no write. */
export class TokenUses {
  readonly #parts: TokenUsesParts;
  #held = new Map<string, TokenUse>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: TokenUsesParts) {
    this.#parts = parts;
  }

  /** Notes that a token is used by a client at this address. */
  note(id: string, ip: string): void {
    if (this.#held.size >= maxHeld && !this.#held.has(id)) return;
    this.#held.set(id, { id, ip, at: this.#parts.clock.now() });
    this.#timer ??= setTimeout(() => void this.flush(), writeEveryMs).unref();
  }

  /** Writes what is noted. A failure is logged; the next uses are noted again. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const uses = [...this.#held.values()];
    this.#held = new Map();
    await this.#parts.store.noteUses(uses).catch((err: unknown) => {
      this.#parts.log.warn({ err }, 'the last uses of tokens were not written');
    });
  }
}
