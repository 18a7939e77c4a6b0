import type { DescMethodServerStreaming, DescMethodUnary, MessageInitShape } from '@bufbuild/protobuf';
import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import { testPassword } from '../_util/server.ts';
import { delegated, type Need, ownPassword, ownTokens, pullSomething } from './_callers.ts';
import { plannedTag } from './_planned-tag.ts';
import type { Form, Row } from './_rows.ts';
import type { World } from './_world.ts';

/** What a method is called in the matrix. */
export function nameOfMethod({ parent, name }: Pick<DescMethodUnary, 'parent' | 'name'>): string {
  return `${parent.typeName}/${name}`;
}

function rpcRow<M extends DescMethodUnary | DescMethodServerStreaming>(
  method: M,
  needs: Need,
  make: (
    world: World,
    repository: string,
  ) => Promise<MessageInitShape<M['input']>> | MessageInitShape<M['input']> = () =>
    ({}) as MessageInitShape<M['input']>,
): Row {
  const placed = method.input.fields.some(({ name }) => name === 'repository') || /Repository/.test(method.name);
  const form: Form = async (world, repository) => ({
    method,
    input: await make(world, repository),
  });
  return { title: nameOfMethod(method), needs, placed, forms: [form] };
}

/** A row about one place only, with what tells it from another one of the method. */
function noted(note: string, row: Row): Row {
  return { ...row, placed: false, note };
}

/** What a delegate of own/** may write, and has written. */
const ownPulls = {
  priority: 9,
  effect: 'allow',
  enabled: false,
  actions: ['registry:pull'],
  repositories: ['own/app'],
};
const ownRule = { repositories: ['own/app'], delegated: true };
const written = 'of a delegate';

const registry = RegistryService.method;
const policy = PolicyService.method;
const admin = AdminService.method;
const auth = AuthService.method;
const health = Health.method;
const tokens = TokenService.method;

async function doomed(world: World, repository: string): Promise<string> {
  const name = repository.replace('app', world.word());
  await world.manifest(name);
  return name;
}

/** Every method of the RPCs. */
export const rpcRows: readonly Row[] = [
  rpcRow(auth.login, 'public', () => ({ username: 'person', password: testPassword })),
  rpcRow(auth.signIn, 'public', () => ({ provider: 'corp' })),
  rpcRow(auth.logout, 'account'),
  rpcRow(auth.whoAmI, 'guest'),
  rpcRow(auth.changePassword, ownPassword, () => ({ currentPassword: testPassword, newPassword: testPassword })),
  { ...rpcRow(auth.listPermissions, 'guest'), placed: false },
  rpcRow(tokens.listTokens, 'account'),
  rpcRow(tokens.createToken, ownTokens, (world) => ({ name: world.word() })),
  rpcRow(tokens.rotateToken, 'admin', async (world) => ({ id: await world.token() })),
  rpcRow(tokens.revokeToken, 'admin', async (world) => ({ id: await world.token() })),
  rpcRow(admin.health, 'public'),
  rpcRow(admin.ready, 'public'),
  rpcRow(admin.snapshot, 'admin'),
  rpcRow(admin.listSnapshots, 'admin'),
  rpcRow(admin.getStatistics, 'admin'),
  rpcRow(admin.getStorageUsage, 'admin'),
  rpcRow(admin.describeStorage, 'admin'),
  rpcRow(admin.listAccounts, 'admin'),
  rpcRow(admin.createAccount, 'admin', (world) => ({
    username: world.word(),
    accountType: 'system',
    password: testPassword,
  })),
  rpcRow(admin.updateAccount, 'admin', async (world) => ({ id: await world.account(), enabled: true })),
  rpcRow(admin.deleteAccount, 'admin', async (world) => ({ id: await world.account() })),
  { ...rpcRow(registry.search, pullSomething, () => ({ query: 'app' })), placed: false },
  { ...rpcRow(registry.listRepositories, pullSomething), placed: false },
  rpcRow(admin.listIdentities, 'admin'),
  rpcRow(admin.updateIdentity, 'admin', async (world) => ({ id: await world.identity(), blocked: true })),
  rpcRow(admin.deleteIdentity, 'admin', async (world) => ({ id: await world.identity() })),
  rpcRow(registry.getRepository, 'registry:pull', (_, name) => ({ name })),
  rpcRow(registry.getRepositoryUsage, 'registry:pull', (_, name) => ({ name })),
  rpcRow(registry.listLayers, 'registry:pull', (_, repository) => ({ repository })),
  rpcRow(registry.updateRepository, 'admin', async (world, name) => {
    await world.manifest(name);
    return { name, description: 'The shop' };
  }),
  rpcRow(registry.deleteRepository, 'admin', async (world, name) => ({ name: await doomed(world, name) })),
  rpcRow(registry.listTags, 'registry:pull', (_, repository) => ({ repository, details: true })),
  rpcRow(registry.deleteTag, 'admin', async (world, repository) => ({
    repository,
    tag: (await world.manifest(repository)).tag,
  })),
  rpcRow(registry.planTagDeletion, 'admin', async (world, repository) => ({
    repository,
    tags: [(await world.manifest(repository)).tag],
  })),
  rpcRow(registry.deleteTags, 'admin', plannedTag),
  rpcRow(registry.listManifests, 'registry:pull', (_, repository) => ({ repository })),
  rpcRow(registry.getManifest, 'registry:pull', async (world, repository) => ({
    repository,
    reference: (await world.manifest(repository)).tag,
  })),
  rpcRow(registry.inspectManifest, 'registry:pull', async (world, repository) => ({
    repository,
    reference: (await world.manifest(repository)).digest,
  })),
  rpcRow(registry.readBlob, 'registry:pull', async (world, repository) => ({
    repository,
    digest: await world.blob(repository),
  })),
  rpcRow(registry.deleteManifest, 'admin', async (world, repository) => ({
    repository,
    digest: (await world.manifest(repository)).digest,
  })),
  rpcRow(registry.garbageCollect, 'admin'),
  rpcRow(registry.getGCStatus, 'admin'),
  rpcRow(registry.listGCRuns, 'admin'),
  rpcRow(policy.listPolicyRules, delegated),
  rpcRow(policy.createPolicyRule, 'admin', () => ({ priority: 9, effect: 'allow', enabled: false })),
  noted(
    'for pulls from own/app',
    rpcRow(policy.createPolicyRule, delegated, () => ownPulls),
  ),
  rpcRow(policy.getPolicyRule, 'admin', async (world) => ({ id: BigInt(await world.rule()) })),
  noted(
    written,
    rpcRow(policy.getPolicyRule, delegated, async (world) => ({ id: BigInt(await world.rule(ownRule)) })),
  ),
  rpcRow(policy.updatePolicyRule, 'admin', async (world) => ({ id: BigInt(await world.rule()), priority: 8 })),
  noted(
    written,
    rpcRow(policy.updatePolicyRule, delegated, async (world) => ({
      id: BigInt(await world.rule(ownRule)),
      priority: 8,
    })),
  ),
  rpcRow(policy.deletePolicyRule, 'admin', async (world) => ({ id: BigInt(await world.rule()) })),
  noted(
    written,
    rpcRow(policy.deletePolicyRule, delegated, async (world) => ({ id: BigInt(await world.rule(ownRule)) })),
  ),
  rpcRow(policy.matchRepositories, 'admin', () => ({ pattern: '**' })),
  noted(
    'of own/**',
    rpcRow(policy.matchRepositories, delegated, () => ({ pattern: 'own/**' })),
  ),
  rpcRow(policy.listDelegations, 'account'),
  rpcRow(policy.createDelegation, 'admin', (world) => ({ account: 'operator', pattern: `${world.word()}/**` })),
  rpcRow(policy.deleteDelegation, 'admin', async (world) => ({ id: await world.delegation() })),
  {
    ...rpcRow(policy.explainPolicy, 'account', () => ({ action: 'registry:catalog' })),
    placed: false,
    note: 'about oneself',
  },
  {
    ...rpcRow(policy.explainPolicy, 'admin', () => ({
      action: 'registry:catalog',
      principal: { username: 'admin' },
    })),
    placed: false,
    note: 'about another',
  },
  noted(
    'about another in own/app',
    rpcRow(policy.explainPolicy, delegated, () => ({
      action: 'registry:pull',
      repository: 'own/app',
      principal: { username: 'admin' },
    })),
  ),
  { ...rpcRow(AuditService.method.listAuditEvents, delegated), placed: false },
  noted(
    'of other/app',
    rpcRow(AuditService.method.listAuditEvents, 'admin', () => ({ repository: 'other/app' })),
  ),
  rpcRow(AuditService.method.getActivity, 'admin', () => ({ days: 7 })),
  rpcRow(health.check, 'public'),
  rpcRow(health.list, 'public'),
  rpcRow(health.watch, 'public'),
];
