import type { Build } from '../../actor/victim.ts';
import { brokenBuild } from './broken-build.ts';
import { type FaultName, faults } from './faults.ts';

/** The faults by name, for people. */
export const faultNames = Object.keys(faults).join(', ');

/** The server with the fault of `--fault`, the usual one without it. Throws when there is no such fault. */
export async function faultArgument(name: string | undefined): Promise<Build & AsyncDisposable> {
  if (name === undefined) return { [Symbol.asyncDispose]: async () => {} };
  if (Object.hasOwn(faults, name)) return await brokenBuild(name as FaultName);
  throw new Error(`There is no fault "${name}": ${faultNames}`);
}
