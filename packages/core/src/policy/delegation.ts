import { isPathComponent } from '../repository-name.ts';
import { compileGlob } from './glob.ts';
import { deepSegment, segmentsOf } from './segments.ts';
import type { Action } from './types.ts';

/** What is done with images in one repository, and so can be delegated. */
export const repositoryActions = ['registry:pull', 'registry:push', 'registry:delete'] as const satisfies Action[];

/** Literal segments, then nothing, one segment, or any number of them: a pattern of which it is certain what it covers. */
interface PlainPattern {
  readonly literals: readonly string[];
  readonly tail: '' | '*' | '**';
}

function plainPattern(pattern: string): PlainPattern | undefined {
  const segments = pattern.split('/');
  const last = segments.at(-1);
  const tail = last === '*' || last === deepSegment ? last : '';
  const literals = tail === '' ? segments : segments.slice(0, -1);
  return literals.every(isPathComponent) ? { literals, tail } : undefined;
}

/** Why a pattern cannot be delegated, and rules and tokens of a delegate cannot have it; `undefined` if they can. */
export function delegationProblem(pattern: string): string | undefined {
  if ((plainPattern(pattern)?.literals.length ?? 0) > 0) return undefined;
  return `the pattern ${JSON.stringify(pattern)} cannot be delegated: write whole segments, then * or **, as in "team-x/**"`;
}

/**
 * Whether every repository that a pattern covers, for whatever caller, is covered by one of the patterns of a scope. False where that
 * cannot be seen from their segments, as for `{username}` or a star inside. A name is a pattern too.
 */
export function liesWithin(pattern: string, scope: readonly string[]): boolean {
  const inner = plainPattern(pattern);
  return inner !== undefined && scope.some((one) => isWithin(inner, plainPattern(one)));
}

function isWithin(inner: PlainPattern, outer: PlainPattern | undefined): boolean {
  if (outer === undefined || !outer.literals.every((literal, at) => literal === inner.literals[at])) return false;
  const deeper = inner.literals.length - outer.literals.length;
  if (outer.tail === '') return deeper === 0 && inner.tail === '';
  const least = deeper + (inner.tail === '' ? 0 : 1);
  return outer.tail === deepSegment ? least >= 1 : least === 1 && inner.tail !== deepSegment;
}

/** Whether it can be seen that no repository is covered by both: a plain pattern, and any other one without `{username}`. */
export function isApart(pattern: string, other: string): boolean {
  const plain = plainPattern(pattern);
  if (plain === undefined) return false;
  const segments = segmentsOf(other);
  for (const [at, literal] of plain.literals.entries()) {
    const segment = segments[at];
    if (segment === undefined) return true;
    // A class may match a slash, which would end the segment elsewhere.
    if (segment === deepSegment || /[[\\]/.test(segment)) return false;
    if (!compileGlob(segment)(literal)) return true;
  }
  const rest = segments.slice(plain.literals.length);
  const least = rest.filter((segment) => segment !== deepSegment).length + (rest.at(-1) === deepSegment ? 1 : 0);
  if (plain.tail === '') return least > 0;
  return rest.length === 0 || (plain.tail === '*' && least > 1);
}
