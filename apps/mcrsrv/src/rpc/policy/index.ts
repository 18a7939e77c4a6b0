import type { ServiceImpl } from '@connectrpc/connect';
import type { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import type { RpcParts } from '../parts.ts';
import { createPolicyRule } from './create-policy-rule.ts';
import { deletePolicyRule } from './delete-policy-rule.ts';
import { explainPolicy } from './explain-policy.ts';
import { getPolicyRule } from './get-policy-rule.ts';
import { listPolicyRules } from './list-policy-rules.ts';
import { updatePolicyRule } from './update-policy-rule.ts';

/** Every method of the service. */
export function policyService(parts: RpcParts): ServiceImpl<typeof PolicyService> {
  return {
    listPolicyRules: listPolicyRules(parts),
    createPolicyRule: createPolicyRule(parts),
    getPolicyRule: getPolicyRule(parts),
    updatePolicyRule: updatePolicyRule(parts),
    deletePolicyRule: deletePolicyRule(parts),
    explainPolicy: explainPolicy(parts),
  };
}
