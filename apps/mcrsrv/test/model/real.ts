import { parseRepositoryName } from '@mcr/core';
import type { MetadataStore, Repositories } from '@mcr/db';
import { withFacets } from '@mcr/db/testing';
import { remainsIn } from '@mcr/stress';
import { type RegistryDirectory, registryDirectory } from '../gc/_directory.ts';
import { openRegistry, type Registry, TestClock } from '../gc/_registry.ts';
import { push, pushManifest } from '../gc/_verbs.ts';

/** A repository that no command is about. */
const kept = parseRepositoryName('team/kept');

/** A deletion goes in many transactions also where there is little to remove. */
const limit = 2;

function inSlices(store: MetadataStore): MetadataStore {
  const { repositories } = store;
  const sliced: Pick<Repositories, 'delete' | 'removeDeleted'> = {
    delete: (input) => repositories.delete({ ...input, limit }),
    removeDeleted: (input) => repositories.removeDeleted({ ...input, limit }),
  };
  return withFacets(store, { repositories: { ...repositories, ...sliced } });
}

/** A registry that can be closed, and opened again on what it left. */
export class Real implements AsyncDisposable {
  readonly clock = new TestClock();
  readonly #directory: RegistryDirectory;
  readonly #alter: (registry: Registry) => Registry;
  #registry: Registry | undefined;

  private constructor(directory: RegistryDirectory, alter: (registry: Registry) => Registry) {
    this.#directory = directory;
    this.#alter = alter;
  }

  /** Opens a new registry; `alter` breaks it on purpose. */
  static async create(alter: (registry: Registry) => Registry = (registry) => registry): Promise<Real> {
    const real = new Real(await registryDirectory(), alter);
    await real.reopen();
    // With nothing but leftovers in it, a registry would not believe that they are its own.
    await push(real.registry, 'kept', kept);
    await pushManifest(real.registry, ['kept'], { repository: kept });
    return real;
  }

  /** The registry as it is open now. */
  get registry(): Registry {
    if (this.#registry === undefined) throw new Error('The registry is closed');
    return this.#registry;
  }

  async reopen(): Promise<void> {
    await this.#registry?.[Symbol.asyncDispose]();
    this.#registry = undefined;
    this.#registry = this.#alter(await openRegistry(this.#directory, this.clock, inSlices));
  }

  /** What lies on the disk; closes the registry. */
  async close(): Promise<Awaited<ReturnType<typeof remainsIn>>> {
    await this.#registry?.[Symbol.asyncDispose]();
    this.#registry = undefined;
    return await remainsIn(this.#directory.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry?.[Symbol.asyncDispose]();
    await this.#directory[Symbol.asyncDispose]();
  }
}
