import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import { expect } from 'vitest';
import { rpcCall } from '../_util/outcomes.ts';
import type { Step } from '../admin-api/_step.ts';

const { method } = TokenService;
const unknown = '00000000-0000-4000-8000-000000000000';
const limits = { actions: ['registry:pull'], repositories: ['team/**'], scope: 'admin:read' };

/** Access tokens, from none to two. */
export const tokenSteps: readonly Step[] = [
  {
    name: 'create a token for a machine',
    call: rpcCall(method.createToken, { name: 'deploy', account: 'machine', ...limits }),
    view: ({ token, secret }) => ({ token, prefix: secret.slice(0, 5) }),
    data: {
      token: {
        name: 'deploy',
        username: 'machine',
        ...limits,
        created_by_name: 'admin',
        expires_at: expect.any(String),
      },
      prefix: 'mcrr_',
    },
  },
  {
    name: 'create a token for oneself',
    as: 'person',
    call: rpcCall(method.createToken, { name: 'laptop' }),
    view: ({ token }) => token,
    data: { name: 'laptop', username: 'person', actions: [], repositories: [], scope: 'none' },
  },
  {
    name: 'create a token for another account',
    as: 'person',
    call: rpcCall(method.createToken, { name: 'deploy', account: 'machine' }),
    rejected: 'denied',
  },
  {
    name: 'create a token of that name',
    call: rpcCall(method.createToken, { name: 'deploy', account: 'machine' }),
    rejected: 'conflict',
  },
  {
    name: 'list the tokens of all accounts',
    call: rpcCall(method.listTokens, { all: true }),
    view: ({ tokens }) => tokens.map(({ name, username }: Record<string, string>) => `${username} ${name}`),
    data: ['machine deploy', 'person laptop'],
  },
  {
    name: 'rotate a token that does not exist',
    call: rpcCall(method.rotateToken, { id: unknown }),
    rejected: 'missing',
  },
  {
    name: 'revoke a token of others',
    as: 'person',
    call: rpcCall(method.revokeToken, { id: unknown }),
    rejected: 'denied',
  },
];
