import { intercepted } from '@mcr/db/testing';

/** A call that is held: when it got there, and how to let it go on. */
export interface Hold {
  readonly reached: Promise<void>;
  release(): void;
}

/** What every call throws once the process is taken to have died. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

interface Gate {
  readonly arrive: () => void;
  readonly opened: Promise<void>;
}

/** These return immediately, or something to iterate over: they can fail, but not wait. */
const immediate = new Set(['digestOf', 'list', 'listPieces', 'read', 'readAtOnce']);

/** The calls that pass through a store: each can be held, and after any of them the process can die. */
export class Steps {
  /** Names of the calls so far. */
  readonly calls: string[] = [];
  readonly #before = new Map<string, Gate>();
  readonly #after = new Map<string, Gate>();
  #left = Number.POSITIVE_INFINITY;

  /** Holds the next call of `name` before it does anything. */
  holdBefore(name: string): Hold {
    return hold(this.#before, name);
  }

  /** Holds the next call of `name` when it is done, and before its caller knows. */
  holdAfter(name: string): Hold {
    return hold(this.#after, name);
  }

  /** Lets `calls` more calls through; from then on all fail, as if the process were gone. */
  crashAfter(calls: number): void {
    this.#left = calls;
  }

  /** Lets everything through again. */
  revive(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  /** The same object, with every call of a method passing through here. */
  watch<T extends object>(target: T): T {
    return intercepted(target, (name, run) => this.#pass(name, run));
  }

  #pass(name: string, run: () => unknown): unknown {
    if (!immediate.has(name)) return this.#passSlowly(name, run);
    this.#count(name);
    return run();
  }

  async #passSlowly(name: string, run: () => unknown): Promise<unknown> {
    await wait(this.#before, name);
    this.#count(name);
    const result = await run();
    await wait(this.#after, name);
    return result;
  }

  #count(name: string): void {
    if (this.#left <= 0) throw new Crash(`The process died before ${name}`);
    this.#left -= 1;
    this.calls.push(name);
  }
}

function hold(gates: Map<string, Gate>, name: string): Hold {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  gates.set(name, { arrive: arrived.resolve, opened: opened.promise });
  return { reached: arrived.promise, release: opened.resolve };
}

async function wait(gates: Map<string, Gate>, name: string): Promise<void> {
  const gate = gates.get(name);
  if (gate === undefined) return;
  gates.delete(name);
  gate.arrive();
  await gate.opened;
}
