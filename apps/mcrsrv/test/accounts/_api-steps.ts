import type { MessageInitShape } from '@bufbuild/protobuf';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { rpcCall } from '../_util/outcomes.ts';
import { testPassword } from '../_util/server.ts';
import type { Step } from '../admin-api/_step.ts';

const { method } = AdminService;
const create = (fields: MessageInitShape<typeof method.createAccount.input>): Pick<Step, 'call' | 'view'> => ({
  call: rpcCall(method.createAccount, fields),
  view: ({ account }) => account,
});
const ada = { username: 'ada', accountType: 'system', roles: ['dev'], password: testPassword };
const update = (fields: MessageInitShape<typeof method.updateAccount.input>): Pick<Step, 'call' | 'view'> => ({
  call: ({ id }) => rpcCall(method.updateAccount, { id: id('machine'), ...fields }),
  view: ({ account }) => account,
});

const noPerson = '00000000-0000-4000-8000-000000000000';

/** People of OpenID providers, of whom there are none. */
export const identitySteps: readonly Step[] = [
  { name: 'list people', call: rpcCall(method.listIdentities, {}), data: { identities: [] } },
  { name: 'list people as a person', as: 'person', call: rpcCall(method.listIdentities, {}), rejected: 'denied' },
  {
    name: 'block a person who has not signed in',
    call: rpcCall(method.updateIdentity, { id: noPerson, blocked: true }),
    rejected: 'missing',
  },
  {
    name: 'remove a person who has not signed in',
    call: rpcCall(method.deleteIdentity, { id: noPerson }),
    rejected: 'missing',
  },
  {
    name: 'remove a person as a person',
    as: 'person',
    call: rpcCall(method.deleteIdentity, { id: noPerson }),
    rejected: 'denied',
  },
];

/** Accounts, from three to four and back. */
export const accountSteps: readonly Step[] = [
  { name: 'create an account', ...create(ada), data: { username: 'ada', roles: ['dev'], enabled: true } },
  { name: 'create an account as a person', as: 'person', ...create({ ...ada, username: 'b' }), rejected: 'denied' },
  {
    name: 'list accounts',
    call: rpcCall(method.listAccounts, {}),
    data: { accounts: [{ username: 'ada' }, { username: 'admin' }, { username: 'machine' }, { username: 'person' }] },
  },
  {
    name: 'list accounts after a name',
    call: rpcCall(method.listAccounts, { pageSize: 2, pageToken: Buffer.from('admin').toString('base64url') }),
    data: { accounts: [{ username: 'machine' }, { username: 'person' }] },
  },
  {
    name: 'change the roles of an account',
    ...update({ roles: { values: ['ci', 'cd'] } }),
    data: { username: 'machine', roles: ['ci', 'cd'], enabled: true },
  },
  { name: 'take the roles of an account', ...update({ roles: { values: [] } }), data: { roles: [] } },
  { name: 'change nothing of an account', ...update({}), data: { enabled: true } },
  {
    name: 'change an account as a person',
    as: 'person',
    ...update({ roles: { values: ['admin'] } }),
    rejected: 'denied',
  },
  { name: 'disable an account', ...update({ enabled: false }), data: { enabled: false } },
  {
    name: 'delete an account as a person',
    as: 'person',
    call: ({ id }) => rpcCall(method.deleteAccount, { id: id('admin') }),
    rejected: 'denied',
  },
  {
    name: 'delete an account',
    call: ({ id }) => rpcCall(method.deleteAccount, { id: id('machine') }),
    data: {},
  },
];
