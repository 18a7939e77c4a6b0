/** What is wrong with a field of a message. */
export interface FieldProblem {
  /** Its path as the proto spells it, such as `roles.2`; `body` for the message as a whole. */
  readonly field: string;
  readonly problem: string;
}

/** No client reads more; a message of half a million items that are wrong would fill the memory with what to say about them. */
export const maxProblems = 300;

/** Adds a problem, up to `maxProblems`. */
export function report(problems: FieldProblem[], problem: FieldProblem): void {
  if (problems.length < maxProblems) problems.push(problem);
}

/** The path of something inside a field. */
export function pathOf(parent: string, name: string | number): string {
  return parent === '' ? String(name) : `${parent}.${name}`;
}
