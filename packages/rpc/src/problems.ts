/** A problem with a field of a message. */
export interface FieldProblem {
  /** Its path with the names of the proto, such as `roles.2`; `body` for the whole message. */
  readonly field: string;
  readonly problem: string;
}

/** No client reads more; the problems of a message with half a million invalid items would fill the memory. */
export const maxProblems = 300;

/** Adds a problem, up to `maxProblems`. */
export function report(problems: FieldProblem[], problem: FieldProblem): void {
  if (problems.length < maxProblems) problems.push(problem);
}

/** The path of something inside a field. */
export function pathOf(parent: string, name: string | number): string {
  return parent === '' ? String(name) : `${parent}.${name}`;
}
