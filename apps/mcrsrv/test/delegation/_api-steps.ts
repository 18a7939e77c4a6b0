import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { rpcCall } from '../_util/outcomes.ts';
import type { Step } from '../admin-api/_step.ts';

const { method } = PolicyService;
const unknown = '00000000-0000-4000-8000-000000000000';
const grant = { account: 'machine', pattern: 'team/**' };

/** Delegations, from none to one. */
export const delegationSteps: readonly Step[] = [
  {
    name: 'grant a delegation',
    call: rpcCall(method.createDelegation, grant),
    view: ({ delegation }) => delegation,
    data: { username: 'machine', pattern: 'team/**', granted_by_name: 'admin' },
  },
  { name: 'grant the same delegation', call: rpcCall(method.createDelegation, grant), rejected: 'conflict' },
  {
    name: 'grant a delegation for everything',
    call: rpcCall(method.createDelegation, { ...grant, pattern: '**' }),
    rejected: 'invalid',
  },
  {
    name: 'grant a delegation as a person',
    as: 'person',
    call: rpcCall(method.createDelegation, grant),
    rejected: 'denied',
  },
  {
    name: 'list the delegations of all accounts',
    call: rpcCall(method.listDelegations, { all: true }),
    view: ({ delegations }) =>
      delegations.map(({ username, pattern }: Record<string, string>) => `${username} ${pattern}`),
    data: ['machine team/**'],
  },
  {
    name: 'list the delegations of all accounts as a person',
    as: 'person',
    call: rpcCall(method.listDelegations, { all: true }),
    rejected: 'denied',
  },
  {
    name: 'take away a delegation that does not exist',
    call: rpcCall(method.deleteDelegation, { id: unknown }),
    rejected: 'missing',
  },
  {
    name: 'take away a delegation as a person',
    as: 'person',
    call: rpcCall(method.deleteDelegation, { id: unknown }),
    rejected: 'denied',
  },
];
