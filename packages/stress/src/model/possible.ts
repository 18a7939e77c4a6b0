import { isDeepStrictEqual } from 'node:util';

/** What something may be: one state, or, while a change is unanswered, the one before it and the one after it. */
export class Possible<State> {
  #states: readonly State[];

  constructor(state: State) {
    this.#states = [state];
  }

  /** The only state that it may have. Throws while a change is unanswered. */
  get certain(): State {
    const [state, ...others] = this.#states;
    if (state === undefined || others.length > 0) throw new Error('It may have several states; look which one it has');
    return state;
  }

  /** A change is asked for: until there is an answer, both may hold. */
  attempt(next: State): void {
    this.#states = [this.certain, next];
  }

  /** The change was acknowledged. */
  accepted(): void {
    this.#states = this.#states.slice(-1);
  }

  /** The change was refused. */
  refused(): void {
    this.#states = this.#states.slice(0, 1);
  }

  /** Takes note of what it is; whether that is one of the states that it may have. */
  observe(state: State): boolean {
    const allowed = this.#states.some((possible) => isDeepStrictEqual(possible, state));
    this.#states = [state];
    return allowed;
  }

  /** All states that it may have, for messages. */
  describe(): string {
    return this.#states.map((state) => JSON.stringify(state, readable)).join(' or ');
  }
}

function readable(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}
