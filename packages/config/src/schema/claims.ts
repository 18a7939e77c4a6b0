import * as z from 'zod';

/** What a claim of a token has to be. */
export interface ClaimCondition {
  /** The claim, or where it is within nested ones: `["kubernetes.io", "namespace"]`. */
  readonly claim: readonly string[];
  /** Values or patterns, one of which has to match. In a pattern, `*` stands for a segment, `**` for the last ones. */
  readonly anyOf: readonly string[];
}

/** As many as any claim set has; each one is compared at each login. */
const maxConditions = 32;
const message = 'must be text such as "acme/app", a list of texts, or a table of nested claims';

/** Claims with what they have to be, as tables of TOML. */
export const claimConditions = z
  .record(z.string(), z.unknown(), { error: 'must be a table of claims' })
  .transform((table, context) => {
    const conditions: ClaimCondition[] = [];
    for (const { claim, value } of leavesOf(table)) {
      const anyOf = textsOf(value);
      if (anyOf === undefined) context.addIssue({ code: 'custom', path: [...claim], message });
      else conditions.push({ claim, anyOf });
      const odd = anyOf?.find((text) => !isClaimPattern(text));
      if (odd !== undefined) context.addIssue({ code: 'custom', path: [...claim], message: patternMessage(odd) });
    }
    if (conditions.length > maxConditions)
      context.addIssue({ code: 'custom', message: `must have at most ${maxConditions} claims` });
    return conditions;
  });

interface Leaf {
  readonly claim: readonly string[];
  readonly value: unknown;
}

function leavesOf(table: object, parents: readonly string[] = []): Leaf[] {
  return Object.entries(table).flatMap(([name, value]: [string, unknown]): Leaf[] => {
    const claim = [...parents, name];
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    return isTable ? leavesOf(value, claim) : [{ claim, value }];
  });
}

/** Numbers and flags are compared as text, as tokens have ids in either form. */
function textsOf(value: unknown): readonly string[] | undefined {
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  const texts = values.map((one) => (typeof one === 'number' || typeof one === 'boolean' ? String(one) : one));
  return texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '')
    ? (texts as string[])
    : undefined;
}

/** Whether stars stand for whole segments only, which slashes and colons separate, and two only for the last ones. */
function isClaimPattern(text: string): boolean {
  const segments = text.split(/[/:]/);
  return segments.every(
    (segment, at) => !segment.includes('*') || segment === '*' || (segment === '**' && at === segments.length - 1),
  );
}

function patternMessage(text: string): string {
  return `${JSON.stringify(text)} is not a pattern: "*" stands for a whole segment between "/" or ":", and "**" for the last ones`;
}
