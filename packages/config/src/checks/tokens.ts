import type { ConfigProblem } from '../errors.ts';
import type { TokensSection } from '../schema/config.ts';

/** A token that is created without an expiry has one that is allowed. */
export function checkTokens(
  { defaultTtl, maxTtl }: Partial<TokensSection>,
  reported: ReadonlySet<string>,
): ConfigProblem[] {
  if (defaultTtl === undefined || maxTtl === undefined || defaultTtl <= maxTtl) return [];
  if (reported.has('tokens.default_ttl')) return [];
  return [
    { key: 'tokens.default_ttl', message: 'is longer than tokens.max_ttl; make it shorter, or tokens.max_ttl longer' },
  ];
}
