import type { Clock, Digest, RepositoryName, Tag } from '@mcr/core';
import type { Manifests, Pull } from '@mcr/db';
import type { Logger } from 'pino';
import { actorOf, type Caller } from '../caller.ts';

/** How often pulls are written, milliseconds; a process that is killed loses as much of them. */
const writeEveryMs = 1_000;
/** Tags and manifests of which the last pull is held between two writes; a pull beyond that is not noted. */
const maxHeld = 10_000;

/** What it is made of. */
export interface LastPullsParts {
  readonly store: Pick<Manifests, 'notePulls'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What was pulled. */
export interface Pulled {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  /** The tag that it was pulled by. */
  readonly tag: Tag | undefined;
}

/** Notes when manifests and tags are pulled, and by whom, and writes the last of each down once a second, so that no pull waits for it. */
export class LastPulls {
  readonly #parts: LastPullsParts;
  #held = new Map<string, Pull>();
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: LastPullsParts) {
    this.#parts = parts;
  }

  /** Notes a pull. */
  note(caller: Caller, { repository, digest, tag }: Pulled): void {
    const key = `${repository} ${digest} ${tag ?? ''}`;
    if (this.#held.size >= maxHeld && !this.#held.has(key)) return;
    const { name: by } = actorOf(caller);
    const at = this.#parts.clock.now();
    this.#held.set(key, { repository, digest, at, ...(tag !== undefined && { tag }), ...(by !== undefined && { by }) });
    this.#timer ??= this.#later();
  }

  /** Resolves when what is noted is written, or has failed to be, which is logged: the next pulls are noted again. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    await this.#write();
  }

  /** One write at a time, however long it takes: what is pulled meanwhile is held, and waits for its turn. */
  #later(): NodeJS.Timeout {
    const write = async (): Promise<void> => {
      this.#writing = this.#write();
      await this.#writing;
      this.#timer = this.#held.size > 0 ? this.#later() : undefined;
    };
    return setTimeout(() => void write(), writeEveryMs).unref();
  }

  async #write(): Promise<void> {
    const pulls = [...this.#held.values()];
    this.#held = new Map();
    if (pulls.length === 0) return;
    await this.#parts.store.notePulls(pulls).catch((err: unknown) => {
      this.#parts.log.warn({ err, pulls: pulls.length }, 'the times of the last pulls were not written');
    });
  }
}
