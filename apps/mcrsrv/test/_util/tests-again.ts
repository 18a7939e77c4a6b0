/**
 * Defines the tests of another file, a path from `apps/mcrsrv/test`, also where that file has run in this process: test files
 * share processes, and a module that was loaded is not run again. `name` differs for each who repeats them.
 */
export async function testsAgain(path: string, name: string): Promise<void> {
  await import(/* @vite-ignore */ `../${path}?${name}`);
}
