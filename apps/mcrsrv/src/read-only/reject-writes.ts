import { RegistryError } from '@mcr/core';

/** Whether a method changes what is stored. */
export type Access = 'read' | 'write';

/** How long clients wait before they try again, in milliseconds: about as long as the rest of a small migration. */
const retryAfterMs = 30_000;

/**
 * The same object, of which only methods that `access` calls reads do what they did. `instead` replaces methods; every other one
 * rejects with `UNAVAILABLE`.
 */
export function rejectWrites<Target extends object>(
  target: Target,
  access: Readonly<Record<string, Access>>,
  instead: object = {},
): Target {
  return new Proxy(target, {
    get(object, name) {
      if (Object.hasOwn(instead, name)) return Reflect.get(instead, name);
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== 'function') return value;
      return access[String(name)] === 'read' ? value.bind(object) : rejectAsReadOnly;
    },
  });
}

/** Rejects a change, with what its client can do. */
async function rejectAsReadOnly(): Promise<never> {
  const message = 'The registry is read-only at the moment (server.read_only); try again later';
  throw new RegistryError('UNAVAILABLE', message, { retryAfterMs });
}
