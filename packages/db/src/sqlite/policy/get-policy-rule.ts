import type { PolicyRules } from '../../facets/policy.ts';
import type { Operation } from '../operation.ts';
import { findPolicyRule } from './policy-rule-rows.ts';

export const getPolicyRule: Operation<PolicyRules['getRule']> = (connection) => (id) => findPolicyRule(connection, id);
