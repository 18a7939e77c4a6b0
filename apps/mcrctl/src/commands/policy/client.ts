import { type PolicyRule, PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { type RpcClient, rpcPages } from '../../rpc/client.ts';
import { needed } from '../../rpc/values.ts';
import type { Explanation, Question } from './explanation.ts';
import { toRule } from './messages.ts';
import type { Rule } from './rule.ts';
import type { RuleBody } from './rule-body.ts';

const { method } = PolicyService;
const hints = { missing: 'mcrctl policy list shows the rules' };

/** PolicyService.ListPolicyRules: stored rules by priority, behind the built-in ones where those are wanted. */
export function listRules(
  rpc: RpcClient,
  limit: number | undefined,
  builtin: boolean,
): AsyncGenerator<readonly Rule[]> {
  return rpcPages(limit, async (page) => {
    const { rules, builtinRules, nextPageToken } = await rpc.call(method.listPolicyRules, page, {
      to: 'list the policy rules',
    });
    return { items: [...(builtin ? builtinRules : []), ...rules].map(toRule), nextPageToken };
  });
}

/** PolicyService.GetPolicyRule. */
export async function getRule(rpc: RpcClient, id: bigint): Promise<Rule> {
  return stored(await rpc.call(method.getPolicyRule, { id }, { to: `show rule ${id}`, hints }));
}

/** PolicyService.CreatePolicyRule. */
export async function createRule(rpc: RpcClient, { account_types: accountTypes, ...body }: RuleBody): Promise<Rule> {
  const input = { ...body, ...(accountTypes && { accountTypes }) };
  return stored(await rpc.call(method.createPolicyRule, input, { to: 'create the rule' }));
}

/** PolicyService.UpdatePolicyRule: what is left out stays. */
export async function updateRule(rpc: RpcClient, id: bigint, body: RuleBody): Promise<Rule> {
  const { roles, account_types: accountTypes, actions, repositories, ...rest } = body;
  const input = {
    id,
    ...rest,
    ...(roles && { roles: { values: roles } }),
    ...(accountTypes && { accountTypes: { values: accountTypes } }),
    ...(actions && { actions: { values: actions } }),
    ...(repositories && { repositories: { values: repositories } }),
  };
  return stored(await rpc.call(method.updatePolicyRule, input, { to: `change rule ${id}`, hints }));
}

/** PolicyService.DeletePolicyRule. */
export async function deleteRule(rpc: RpcClient, id: bigint): Promise<void> {
  await rpc.call(method.deletePolicyRule, { id }, { to: `delete rule ${id}`, hints });
}

/** PolicyService.ExplainPolicy. */
export async function explain(rpc: RpcClient, { principal, action, repository }: Question): Promise<Explanation> {
  const { account_type: accountType, roles, ...who } = principal;
  const input = {
    principal: { ...who, accountType, roles: [...roles] },
    action,
    ...(repository !== undefined && { repository }),
  };
  const answer = await rpc.call(method.explainPolicy, input, { to: 'explain the decision' });
  const { id = '', username = '', accountType: type = '', roles: judged = [] } = answer.principal ?? {};
  return {
    effect: answer.effect,
    rule_id: answer.ruleId === undefined ? undefined : Number(answer.ruleId),
    rule: answer.rule && toRule(answer.rule),
    principal: { id, username, account_type: type, roles: judged },
    matches: answer.matches.map(toRule),
  };
}

function stored({ rule }: { readonly rule?: PolicyRule | undefined }): Rule {
  return toRule(needed(rule, 'rule'));
}
