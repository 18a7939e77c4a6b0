import type { AccountType, Action, Effect, PolicyRule } from '@mcr/core';
import type { Change } from './shared.ts';

/** A rule as it is stored; the engine sees the enabled ones as `PolicyRule`. */
export interface StoredPolicyRule extends PolicyRule {
  readonly enabled: boolean;
  /** UUID of the account that made it. */
  readonly createdBy?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The patterns before an upgrade rewrote them, in the same order; until they are saved again. */
  readonly rewrittenFrom?: readonly string[];
}

export interface NewPolicyRule {
  readonly priority: number;
  readonly description: string;
  readonly effect: Effect;
  readonly roles: readonly string[];
  readonly accountTypes: readonly AccountType[];
  readonly subject?: string;
  readonly actions: readonly Action[];
  readonly repositories: readonly string[];
  readonly exceptRoles?: readonly string[];
  readonly exceptSubjects?: readonly string[];
  readonly enabled: boolean;
  /** Absent: false. */
  readonly delegated?: boolean;
}

/** Changes to a rule; what is left out stays. `subject: null` makes the rule match every account again. */
export type PolicyRulePatch = Partial<Omit<NewPolicyRule, 'subject'>> & { readonly subject?: string | null };

/** All rules of one moment, and the version that they have then. */
export interface PolicyRuleSet {
  /** As in `Versions`: grows with every change of a rule. */
  readonly version: number;
  /** By priority, then id. */
  readonly rules: readonly StoredPolicyRule[];
}

/** The stored rules of who may do what. */
export interface PolicyRules {
  /** Stored rules by priority, then id; a page begins after this place, whether a rule is there or not. */
  listRules(page?: {
    after?: Pick<StoredPolicyRule, 'priority' | 'id'>;
    limit: number;
  }): Promise<readonly StoredPolicyRule[]>;
  ruleSet(): Promise<PolicyRuleSet>;
  getRule(id: number): Promise<StoredPolicyRule | undefined>;
  /** `policy_rule_created`. */
  createRule(input: Change & { rule: NewPolicyRule }): Promise<StoredPolicyRule>;
  /**
   * `policy_rule_updated`; `undefined` when there is no such rule. New patterns end `rewrittenFrom`. `CONFLICT` when the rule is not
   * the `expected` one any more.
   */
  updateRule(
    input: Change & { id: number; patch: PolicyRulePatch; expected?: StoredPolicyRule },
  ): Promise<StoredPolicyRule | undefined>;
  /** `policy_rule_deleted`; whether there was one. `CONFLICT` as above. */
  deleteRule(input: Change & { id: number; expected?: StoredPolicyRule }): Promise<boolean>;
}
