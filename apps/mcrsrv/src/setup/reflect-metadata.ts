/**
 * `tsyringe`, which `@peculiar/x509` is built on, does not load unless decorator metadata can be asked for. None of what
 * is used here has any, so that the answer is always the same. Import this before `@peculiar/x509`.
 */
if (!('getMetadata' in Reflect)) {
  Object.defineProperty(Reflect, 'getMetadata', { value: () => undefined, configurable: true, writable: true });
}
