/** What is being deleted, so that a failure that a deletion explains is told from one that nothing explains. */
export class Deletions {
  readonly #started = new Map<string, number>();
  readonly #underWay = new Map<string, number>();

  /** Runs a deletion of manifests in a repository, or, with an empty reference, of the whole repository. */
  async run<T>(repository: string, references: readonly string[], task: () => Promise<T>): Promise<T> {
    const keys = references.map((reference) => `${repository} ${reference}`);
    for (const key of keys) add(this.#started, key, 1);
    for (const key of keys) add(this.#underWay, key, 1);
    try {
      return await task();
    } finally {
      for (const key of keys) add(this.#underWay, key, -1);
    }
  }

  /** Begins to watch: the response tells whether a deletion of any of these was under way at any time since. */
  watch(repository: string, ...references: readonly string[]): () => boolean {
    const keys = ['', ...references].map((reference) => `${repository} ${reference}`);
    const before = this.#total(this.#started, keys);
    const underWay = this.#total(this.#underWay, keys) > 0;
    return () => underWay || this.#total(this.#started, keys) > before;
  }

  /** Whether such a manifest was ever deleted, alone or with its repository. */
  everDeleted(repository: string, digest: string): boolean {
    return this.#total(this.#started, [`${repository} `, `${repository} ${digest}`]) > 0;
  }

  #total(counters: ReadonlyMap<string, number>, keys: readonly string[]): number {
    return keys.reduce((sum, key) => sum + (counters.get(key) ?? 0), 0);
  }
}

function add(counters: Map<string, number>, key: string, n: number): void {
  counters.set(key, (counters.get(key) ?? 0) + n);
}
