/** Names of methods, in the order in which they were called. */
export type Calls = string[];

/** The same object, which notes every method that is called from outside, and fails in those that `faults` names. */
export function recording<Target extends object>(target: Target, calls: Calls, faults: ReadonlySet<string>): Target {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      return (...values: unknown[]): unknown => {
        calls.push(name);
        if (faults.has(name)) return Promise.reject(new Error(`${name} failed for this test`));
        return Reflect.apply(value, target, values);
      };
    },
  });
}
