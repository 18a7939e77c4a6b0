/** Names of methods, in the order in which they were called. */
export type Calls = string[];

/** The same object, which notes every method that is called from outside. */
export function recording<Target extends object>(target: Target, calls: Calls): Target {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      return (...values: unknown[]): unknown => {
        calls.push(name);
        return Reflect.apply(value, target, values);
      };
    },
  });
}
