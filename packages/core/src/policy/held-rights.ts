import { isApart, liesWithin } from './delegation.ts';
import { type CompiledRule, failedFields } from './evaluate.ts';
import { forCaller } from './segments.ts';
import type { PolicyInput } from './types.ts';

/**
 * Whether it can be seen that a caller may do something in every repository that a pattern covers, by rules that no delegate has
 * written: what delegates pass on cannot be passed on again. Every deny counts that may be about one of these repositories.
 */
export function isHeldThroughout(input: PolicyInput, pattern: string, rules: readonly CompiledRule[]): boolean {
  const { username, accountType } = input;
  const about = rules.filter((compiled) => failedFields({ ...compiled, globs: [] }, input).length === 0);
  const patternsOf = ({ rule }: CompiledRule): readonly string[] =>
    rule.repositories
      .map((one) => forCaller(one)(accountType === 'anonymous' ? undefined : username))
      .filter((one) => one !== undefined);
  const isEverywhere = ({ rule }: CompiledRule) => rule.repositories.length === 0;
  const isDenied = about.some(
    (one) => one.rule.effect === 'deny' && (isEverywhere(one) || patternsOf(one).some((it) => !isApart(pattern, it))),
  );
  if (isDenied) return false;
  return about.some(
    (one) =>
      one.rule.effect === 'allow' &&
      one.rule.delegated !== true &&
      (isEverywhere(one) || liesWithin(pattern, patternsOf(one))),
  );
}
