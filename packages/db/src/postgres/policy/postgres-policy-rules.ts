// Written by `npm run tables`. Do not edit.
import type { PolicyRules } from '../../facets/policy.ts';
import { PostgresFacet } from '../facet.ts';
import { createPolicyRule } from './create-policy-rule.ts';
import { deletePolicyRule } from './delete-policy-rule.ts';
import { policyRuleSet } from './policy-rule-set.ts';
import { getPolicyRule, listPolicyRules } from './policy-rules.ts';
import { updatePolicyRule } from './update-policy-rule.ts';

/** {@link PolicyRules} in PostgreSQL. */
export class PostgresPolicyRules extends PostgresFacet implements PolicyRules {
  readonly listRules = this.operation(listPolicyRules);
  readonly ruleSet = this.operation(policyRuleSet);
  readonly getRule = this.operation(getPolicyRule);
  readonly createRule = this.operation(createPolicyRule);
  readonly updateRule = this.operation(updatePolicyRule);
  readonly deleteRule = this.operation(deletePolicyRule);
}
