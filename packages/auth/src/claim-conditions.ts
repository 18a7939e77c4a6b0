/** What a claim has to be; see `ClaimCondition` of the configuration. */
export interface Condition {
  readonly claim: readonly string[];
  /** Texts, in which `*` stands for a segment between slashes and colons, and `**` at the end for one or more. */
  readonly anyOf: readonly string[];
}

const separator = /([/:])/;

/** The first condition that claims do not meet; `undefined` if they meet all of them. */
export function unmetCondition(claims: object, conditions: readonly Condition[]): Condition | undefined {
  return conditions.find((condition) => !isMet(claims, condition));
}

/** Whether the claim, or one of its values where it is a list, is one of the texts. */
export function isMet(claims: object, { claim, anyOf }: Condition): boolean {
  const values = textsOf(claimAt(claims, claim));
  return values.some((value) => anyOf.some((text) => matchesClaim(value, text)));
}

/** The value of a claim within nested ones. */
export function claimAt(claims: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    claims,
  );
}

/** The texts of a claim: one, several of a list, or none. */
export function textsOf(value: unknown): readonly string[] {
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return values.flatMap((one) => {
    if (typeof one === 'string') return [one];
    return typeof one === 'number' || typeof one === 'boolean' ? [String(one)] : [];
  });
}

/** Compares segment by segment; separators have to be the same, too. */
export function matchesClaim(value: string, pattern: string): boolean {
  if (!pattern.includes('*')) return value === pattern;
  const [wanted, found] = [pattern.split(separator), value.split(separator)];
  const isOpen = wanted.at(-1) === '**';
  if (isOpen ? found.length < wanted.length : found.length !== wanted.length) return false;
  return wanted.every((segment, at) => {
    if (segment === '*' || segment === '**') return found[at] !== '';
    return segment === found[at];
  });
}
