import { intercepted } from '@mcr/db/testing';

/** Names of methods, in the order in which they were called. */
export type Calls = string[];

/** The same object, which notes every method that is called from outside, and fails in those that `faults` names. */
export function recording<Target extends object>(target: Target, calls: Calls, faults: ReadonlySet<string>): Target {
  return intercepted(target, (name, run) => {
    calls.push(name);
    return faults.has(name) ? Promise.reject(new Error(`${name} failed for this test`)) : run();
  });
}
