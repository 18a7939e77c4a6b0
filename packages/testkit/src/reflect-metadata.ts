/**
 * The three functions of the Reflect metadata proposal that `tsyringe`, which `@peculiar/x509` is built on, asks for
 * when it loads. Import this before `@peculiar/x509`.
 */
type Metadata = Map<unknown, unknown>;

const store = new WeakMap<object, Metadata>();

function getOwnMetadata(key: unknown, target: object): unknown {
  return store.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  if (store.get(target)?.has(key)) return getOwnMetadata(key, target);
  const parent: unknown = Object.getPrototypeOf(target);
  return parent instanceof Object ? getMetadata(key, parent) : undefined;
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  store.set(target, (store.get(target) ?? new Map()).set(key, value));
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata });
