import type { Operation } from '../operation.ts';
import { findPolicyRule } from './policy-rule-rows.ts';

export const getPolicyRule: Operation<'getPolicyRule'> = (connection) => (id) => findPolicyRule(connection, id);
