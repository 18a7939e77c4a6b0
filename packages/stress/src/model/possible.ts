/** What something may be: one state, or, while a change has no response, the one before it and the one after it. */
export class Possible<State> {
  #states: readonly State[];
  /** How many of them are from before the requested change. */
  #before = 1;

  constructor(state: State) {
    this.#states = [state];
  }

  /** All states that it may have. */
  get states(): readonly State[] {
    return this.#states;
  }

  /** The only state that it may have. Throws while a change has no response. */
  get certain(): State {
    const [state, ...others] = this.#states;
    if (state === undefined || others.length > 0) throw new Error('It may have several states; look which one it has');
    return state;
  }

  /** A change is requested: until there is a response, either state is possible. */
  attempt(change: (state: State) => State): void {
    this.#before = this.#states.length;
    this.#states = [...this.#states, ...this.#states.map(change)];
  }

  /** The change was acknowledged. */
  accepted(): void {
    this.#states = this.#states.slice(this.#before);
  }

  /** The change was rejected. */
  rejected(): void {
    this.#states = this.#states.slice(0, this.#before);
  }

  /** Takes note of something that was seen, which only some of the states show; whether there is one. */
  observe(shows: (state: State) => boolean): boolean {
    const left = this.#states.filter(shows);
    if (left.length > 0) this.#states = left;
    return left.length > 0;
  }

  /** Drops the other states, which cannot be distinguished from this one. */
  settle(state: State | undefined = this.#states[0]): void {
    if (state !== undefined) this.#states = [state];
  }

  /** All states, or what can be seen of them, for messages. */
  describe(show: (state: State) => unknown = (state) => state): string {
    return [...new Set(this.#states.map((state) => JSON.stringify(show(state), readable)))].join(' or ');
  }
}

function readable(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}
