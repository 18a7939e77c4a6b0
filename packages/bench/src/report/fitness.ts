import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StaticConditions } from './result.ts';
import { objectionsTo } from './warnings.ts';

const documentation = fileURLToPath(new URL('../../../../docs', import.meta.url));

/** Throws when a run is about to become a page of the documentation, and is not fit for it. */
export function checkFitness(
  conditions: StaticConditions,
  { markdown, force }: { readonly markdown?: string; readonly force: boolean },
): void {
  if (force || markdown === undefined || relative(documentation, resolve(markdown)).startsWith('..')) return;
  const objections = objectionsTo(conditions);
  if (objections.length === 0) return;
  throw new Error(`${objections.join('. ')}. Measure everything on a clean checkout, or say --force`);
}
