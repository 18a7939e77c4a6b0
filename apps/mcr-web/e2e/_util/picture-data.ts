import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Responses } from '../../test/_util/registry.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
/** The time that pages say it is. */
export const now = Date.UTC(2026, 0, 31, 12);
const ago = (ms: number) => timestampFromMs(now - ms);

const digestOf = (at: number) => `sha256:${at.toString(16).padStart(2, '0').repeat(32)}`;
const mediaType = 'application/vnd.oci.image.index.v1+json';
const gib = 1_073_741_824;

const names = ['shop/checkout', 'shop/cart', 'team/app', 'team/worker', 'mirror/debian', 'mirror/alpine', 'tools/lint'];
const repositories = names.map((name, at) => ({
  name,
  tagCount: 40 - at * 5,
  manifestCount: 90 - at * 9,
  totalSize: BigInt((at + 1) * 73_400_320),
  createdAt: ago(90 * day),
  lastPushAt: ago((at * at + 1) * hour),
  ...(at === 0 && { description: 'Takes the money' }),
}));

const tags = ['latest', '1.11.4', '1.11.3', '1.10.0', 'main', 'pr-214', 'pr-209'].map((name, at) => ({
  name,
  digest: digestOf(Math.max(1, at)),
  mediaType,
  size: 1_024n,
  updatedAt: ago((at * 7 + 2) * hour),
  details: {
    totalSize: BigInt(58_720_256 + at * 1_048_576),
    platforms: at < 4 ? ['linux/amd64', 'linux/arm64'] : ['linux/amd64'],
    pushedBy: at < 4 ? 'ci-main' : 'grace',
    attached: at < 3 ? ['signature', 'sbom'] : [],
    ...(at < 5 && { imagePulledAt: ago((at + 1) * 11 * minute), imagePulledBy: 'prod-eu-1' }),
  },
}));

const rule = { effect: 'allow', enabled: true, priority: 100 };
const rules = [
  {
    ...rule,
    id: 3n,
    priority: 10,
    effect: 'deny',
    description: 'Releases stay',
    actions: ['registry:delete'],
    repositories: ['shop/**'],
    exceptRoles: ['admin'],
  },
  {
    ...rule,
    id: 1n,
    description: 'CI pushes what it builds',
    roles: ['ci'],
    actions: ['registry:pull', 'registry:push'],
    repositories: ['shop/**', 'team/*'],
  },
  { ...rule, id: 2n, description: 'Clusters pull', accountTypes: ['system'], actions: ['registry:pull'] },
  {
    ...rule,
    id: 4n,
    description: 'Guests see the mirror',
    accountTypes: ['anonymous'],
    actions: ['registry:pull'],
    repositories: ['mirror/*'],
    enabled: false,
  },
];
const builtinRules = [
  { ...rule, id: -1n, priority: 0, description: 'Admins may do everything', roles: ['admin'] },
  { ...rule, id: -2n, priority: 0, description: 'People may do everything with images', accountTypes: ['human'] },
];

const accounts = ['admin', 'ci-main', 'grace', 'mallory', 'prod-eu-1'].map((username, at) => ({
  id: `018f3d0c-1111-7222-8333-44445555666${at}`,
  username,
  accountType: at % 3 === 1 ? 'system' : 'human',
  roles: at === 0 ? ['admin'] : at === 1 ? ['ci'] : at === 3 ? [] : ['user', 'deploy'],
  enabled: at !== 3,
  createdAt: ago((90 - at * 13) * day),
}));

const tokens = ['deploy', 'laptop', 'nightly'].map((name, at) => ({
  id: `token-${at}`,
  name,
  accountId: 'id',
  username: at === 1 ? 'admin' : 'ci-main',
  actions: at === 0 ? ['registry:pull', 'registry:push'] : [],
  repositories: at === 0 ? ['shop/**'] : [],
  scope: at === 2 ? 'admin:read' : 'none',
  expiresAt: timestampFromMs(now + (at * 41 - 3 + (at === 0 ? 6 : 0)) * day),
  ...(at < 2 && { lastUsedAt: ago((at + 1) * 17 * minute), lastUsedIp: '192.0.2.7' }),
}));

const actor = (name: string) => ({ id: 'id', name, ip: '192.0.2.7' });
const events = [
  {
    eventType: 'manifest_pushed',
    actor: actor('ci-main'),
    repository: 'shop/checkout',
    digest: digestOf(1),
    details: { tag: '1.11.4' },
  },
  {
    eventType: 'policy_deny',
    actor: actor('mallory'),
    repository: 'shop/cart',
    details: { action: 'registry:push', rule: 'default' },
  },
  { eventType: 'login', actor: actor('admin'), details: {} },
  { eventType: 'login_failed', actor: actor('mallory'), details: {} },
  {
    eventType: 'tag_deleted',
    actor: actor('grace'),
    repository: 'team/app',
    digest: digestOf(9),
    details: { tag: 'pr-1' },
  },
].map((event, at) => ({ ...event, id: BigInt(50 - at), at: ago((at * at * 5 + 3) * minute) }));

const samples = Array.from({ length: 60 }, (_, at) => ({
  start: timestampFromMs(now - (now % day) - (59 - at) * day),
  storedBytes: BigInt(Math.round((20 + at * 0.4) * gib)),
  usedBytes: BigInt(Math.round((40 + at * 0.5) * gib)),
}));
const bytes = (gibs: number) => BigInt(Math.round(gibs * gib));

/** A registry that responds always the same, so that a page is the same picture each time. */
export const pictureData: Responses = {
  registry: {
    listRepositories: () => ({ repositories }),
    getRepository: () => ({ repository: repositories[0]! }),
    getRepositoryUsage: () => ({ uniqueSize: 41_943_040n }),
    listTags: () => ({ tags }),
    getGCStatus: () => ({
      lastRun: {
        state: 'completed',
        trigger: 'schedule',
        completedAt: ago(hour),
        blobsRemoved: 7,
        bytesFreed: bytes(0.3),
      },
      pending: { blobs: 12, bytes: bytes(0.7), firstDueAt: ago(-hour), lastDueAt: ago(-5 * hour) },
      nextRunAt: ago(-12 * hour),
    }),
    listGCRuns: () => ({
      runs: [1, 25, 49].map((hours) => ({
        id: `run-${hours}`,
        trigger: 'schedule',
        state: 'completed',
        startedAt: ago(hours * hour + 4_200),
        completedAt: ago(hours * hour),
        blobsRemoved: hours,
        bytesFreed: bytes(hours / 50),
      })),
    }),
  },
  policy: {
    listPolicyRules: () => ({ rules, builtinRules, policyDefault: 'open' }),
    listDelegations: () => ({
      delegations: ['shop/**', 'tools/*'].map((pattern, at) => ({
        id: `id-${at}`,
        accountId: 'id-2',
        username: 'grace',
        pattern,
        grantedByName: 'admin',
        grantedAt: ago((at + 3) * day),
      })),
    }),
    explainPolicy: () => ({
      effect: 'deny',
      principal: { username: 'mallory', accountType: 'human', roles: [] },
      nearMisses: [{ rule: rules[1]!, failed: ['roles'] }],
    }),
  },
  admin: {
    getStatistics: () => ({ repositories: 7, manifests: 441, tags: 175, blobs: 1_204, blobBytes: bytes(44) }),
    getStorageUsage: () => ({ referencedBytes: bytes(61) }),
    describeStorage: () => ({
      driver: 'disk',
      totalBytes: bytes(100),
      parts: Object.entries({
        own: 30,
        shared: 13,
        waiting: 0.7,
        uploads: 0.3,
        database: 1,
        copies: 2,
        other: 22,
        reserved: 5,
        free: 26,
      }).map(([name, gibs]) => ({ name, bytes: bytes(gibs) })),
      fileSystem: { size: bytes(100), used: bytes(69), free: bytes(26) },
      largest: names.map((name, at) => ({ name, ownBytes: bytes(9 - at) })),
      samples,
      growth: { state: 'filling', bytesPerDay: bytes(0.5), fullAt: ago(-52 * day) },
    }),
    listSnapshots: () => ({
      snapshots: [{ name: 'mcr-20260131T020000Z.db', size: bytes(0.9), createdAt: ago(10 * hour) }],
    }),
    listAccounts: () => ({ accounts }),
  },
  tokens: { listTokens: () => ({ tokens }) },
  audit: {
    listAuditEvents: ({ eventType }) => ({ events: events.filter((one) => !eventType || one.eventType === eventType) }),
    getActivity: () => ({
      days: Array.from({ length: 30 }, (_, at) => ({
        start: timestampFromMs(now - (now % day) - (29 - at) * day),
        pushes: BigInt((at * 7) % 23),
        pulls: BigInt(40 + ((at * 31) % 90)),
        denials: BigInt(at % 9 === 4 ? 6 : 0),
      })),
    }),
  },
};
