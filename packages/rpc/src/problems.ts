/** What is wrong with a field of a message. */
export interface FieldProblem {
  /** Its path as the proto spells it, such as `roles.2`; `body` for the message as a whole. */
  readonly field: string;
  readonly problem: string;
}

/** The path of something inside a field. */
export function pathOf(parent: string, name: string | number): string {
  return parent === '' ? String(name) : `${parent}.${name}`;
}
