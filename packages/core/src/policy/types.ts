import type { AccountType } from '../principal.ts';

/** Everything that policy decides about. */
export const actions = [
  'registry:version_check',
  'registry:pull',
  'registry:push',
  'registry:delete',
  'registry:catalog',
  'policy:manage',
] as const;

/** One of {@link actions}. */
export type Action = (typeof actions)[number];

/** What narrows a token: what its owner may do and it does not name, it may not do. Empty lists name everything. */
export interface TokenLimits {
  readonly actions: readonly Action[];
  /** Patterns, see `compileGlob`. */
  readonly repositories: readonly string[];
}

export type Effect = 'allow' | 'deny';

/** A request, as policy sees it. */
export interface PolicyInput {
  /** UUID of the account. */
  readonly subject: string;
  /** Name of the account; what `{username}` in a pattern stands for. */
  readonly username: string;
  readonly accountType: AccountType;
  readonly roles: readonly string[];
  readonly action: Action;
  /** Absent for operations that do not concern a single repository. */
  readonly repository?: string;
  /** Limits of the access token that the request is made with; absent without one. */
  readonly limits?: TokenLimits;
}

/**
 * A rule. All populated fields must match (AND); an empty list, or an absent subject, matches everything.
 * `repositories` are globs, see `compileGlob`; if the request has no repository, only rules without globs match.
 */
export interface PolicyRule {
  /** Positive for stored rules, negative for the built-in ones. */
  readonly id: number;
  /** Lower values are evaluated first. Built-in rules have 0, stored ones at least 1. */
  readonly priority: number;
  readonly description: string;
  readonly effect: Effect;
  readonly roles: readonly string[];
  readonly accountTypes: readonly AccountType[];
  /** UUID of one account. */
  readonly subject?: string;
  readonly actions: readonly Action[];
  readonly repositories: readonly string[];
  /** Callers with one of these roles do not match, nor do these accounts, UUIDs. */
  readonly exceptRoles?: readonly string[];
  readonly exceptSubjects?: readonly string[];
  /** Whether a delegate has written it, and no admin has changed it since. */
  readonly delegated?: boolean;
}

/** What applies where no rule says anything: `open` has a built-in rule that lets people do everything with images. */
export type PolicyDefault = 'open' | 'closed';

/** The decision and its reason. `rule` is absent if nothing matched (default deny). */
export interface Decision {
  readonly effect: Effect;
  readonly rule?: PolicyRule;
  /** Whether the access token is not for this, whatever the rules say; then `rule` is absent. */
  readonly isBeyondToken?: true;
  /** Every matching rule in the order of evaluation. */
  readonly matches: readonly PolicyRule[];
}
