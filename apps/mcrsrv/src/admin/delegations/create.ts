import { randomUUID } from 'node:crypto';
import { delegationProblem } from '@mcr/core';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { changeBy } from '../call.ts';
import { invalidRequest } from '../invalid-request.ts';
import { operation } from '../operation.ts';
import { holderOf, shownDelegation } from './delegate.ts';

/** Delegations of an account at most: each of its requests to the admin API reads them. */
const maxPerAccount = 50;

/**
 * Makes an account a delegate, from its next request on. `PARAMETER_INVALID`, also for a pattern of which is not certain what it
 * covers, and for an account that is unknown; `CONFLICT`.
 */
export const createDelegation = operation(
  PolicyService.method.createDelegation,
  async (services, call, { account, pattern }) => {
    const problem = delegationProblem(pattern);
    if (problem !== undefined) throw invalidRequest([{ field: 'pattern', problem }]);
    const { id: accountId, username: accountName } = await holderOf(services, account);
    const delegation = { id: randomUUID(), accountId, accountName, pattern };
    const change = { delegation, limit: maxPerAccount, ...changeBy(services, call) };
    return { delegation: shownDelegation(await services.store.delegations.grant(change)) };
  },
);
