import type { MetadataStore } from '../metadata-store.ts';

/** A store of which some facets are others, for tests that watch or break a method; the given one stays as it is. */
export function withFacets(store: MetadataStore, facets: Partial<MetadataStore>): MetadataStore {
  return Object.assign(Object.create(store), facets) as MetadataStore;
}

/** Gets the method that is called, such as `gc.review` of a store, and returns what `run` returns, or something else. */
export type Intercept = (method: string, run: () => unknown) => unknown;

/** The same object, with every call of its methods, and of those of its facets, passed to `intercept`. */
export function intercepted<Target extends object>(target: Target, intercept: Intercept, prefix = ''): Target {
  const facets = new Map<string, object>();
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name, object);
      if (typeof name !== 'string') return value;
      if (typeof value === 'function')
        return (...input: unknown[]) => intercept(`${prefix}${name}`, () => value.apply(object, input));
      if (typeof value !== 'object' || value === null) return value;
      const facet = facets.get(name) ?? intercepted(value, intercept, `${prefix}${name}.`);
      facets.set(name, facet);
      return facet;
    },
  });
}
