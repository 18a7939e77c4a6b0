/** What MCR has to reach. */
export interface Target {
  readonly workload: string;
  readonly metric: string;
  /** Whose figure. */
  readonly subject: string;
  /** Whose figure it is divided by; a target without is about the figure itself. */
  readonly baseline?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What keeps the figure from being better; the reports say it when the target is missed. */
  readonly limits?: string;
}

const overPeer = { subject: 'mcr', baseline: 'docker-registry' } as const;
const overNode = { subject: 'mcr', baseline: 'bare Node' } as const;
const overDistribution = { subject: 'mcr', baseline: 'distribution' } as const;
const grown = {
  subject: '1,000,000 tags',
  baseline: '1,000 tags',
  metric: 'ms/request',
  atMost: 1.3,
  limits: 'both take the same steps through an index, and more of them miss the caches of SQLite and of the processor',
} as const;

const oneThread =
  'MCR serves requests on one thread and docker-registry on every core, so wall time shows less than CPU does where the load ' +
  'generator leaves a core or more';
const checksEachRequest =
  "what is left is Node's HTTP and TLS, and what docker-registry does not do here: the token, the policy, a line of log and " +
  'a durable audit event for each pull';
const beyondMemory =
  'what is not in memory comes from the database: the tag, the manifest, its bytes and the rules for its repository';
const handshake =
  'the handshake is most of it: both servers do the same elliptic-curve arithmetic, and the load generator, on the same ' +
  'cores, about as much again';
const copies =
  'TLS and copies are all that is left: Node copies every byte from the file to the process and through TLS to the ' +
  "socket, and offers neither sendfile nor the kernel's TLS";
const hashing = 'SHA-256 and AES-GCM, the same for both, are the larger part';
const commits =
  'MCR acknowledges no step of a push before its bytes and its transaction are on disk, and shares that wait only among what ' +
  'happens at the same moment';
const slices =
  'a slice of a collection holds the only thread for up to 20 ms, and its writes share the disk and the write lock of the ' +
  'database with the audit events of the pulls';
const buffers =
  'a started Node process is half of it, and each transfer has buffers of its own, and its TLS connection others';
const atRest = 'Node itself takes most of it';
const startUp = 'Node starting and compiling the bundle is most of it; nothing of it grows with the registry';
const node = 'Node alone takes most of it; mcrctl loads only the modules that a command needs';

/** The targets, at full scale. */
export const targets: readonly Target[] = [
  {
    workload: 'manifest GET by tag, 16 clients, keep-alive',
    metric: 'requests/s',
    ...overPeer,
    atLeast: 8,
    limits: oneThread,
  },
  {
    workload: 'manifest GET by tag, 16 clients, keep-alive',
    metric: 'CPU ms/request',
    ...overPeer,
    atMost: 1 / 8,
    limits: checksEachRequest,
  },
  ...['GET', 'HEAD'].map((method) => ({
    workload: `manifest ${method} by tag, 16 clients, keep-alive`,
    metric: 'CPU ms/request',
    ...overNode,
    atMost: 1.9,
    limits: checksEachRequest,
  })),
  ...['1,200', '50,000'].map((tags) => ({
    workload: `manifest GET at random over ${tags} tags, 16 clients, keep-alive`,
    metric: 'CPU ms/request',
    ...overDistribution,
    atMost: 0.6,
    limits: beyondMemory,
  })),
  {
    workload: 'manifest HEAD by tag, 16 clients, one connection per request',
    metric: 'CPU ms/request',
    ...overDistribution,
    atMost: 1,
    limits: handshake,
  },
  ...[1, 16, 64].map((clients) => ({
    workload: `manifest HEAD by tag, ${clients} ${clients === 1 ? 'client' : 'clients'}, one connection per request`,
    metric: 'requests/s',
    ...overPeer,
    atLeast: 2,
    limits: handshake,
  })),
  { workload: 'blob pull 1 GiB, 1 client', metric: 'CPU ms/MiB', ...overPeer, atMost: 0.5, limits: copies },
  { workload: 'blob pull 1 GiB, 1 client', metric: 'seconds', ...overPeer, atMost: 0.6, limits: copies },
  { workload: 'blob push 1 GiB, one PATCH', metric: 'CPU ms/MiB', ...overPeer, atMost: 0.6, limits: hashing },
  { workload: 'blob push 1 GiB, one PATCH', metric: 'seconds', ...overPeer, atMost: 0.6, limits: hashing },
  { workload: 'blob pull 1 GiB, 1 client', metric: 'CPU ms/MiB', ...overDistribution, atMost: 0.85, limits: copies },
  { workload: 'blob pull 1 GiB, 1 client', metric: 'CPU ms/MiB', ...overNode, atMost: 1.5, limits: copies },
  {
    workload: 'blob pull 4 KiB, 16 clients',
    metric: 'CPU ms/request',
    ...overDistribution,
    atMost: 0.125,
    limits: checksEachRequest,
  },
  { workload: 'blob push 1 GiB, one PATCH', metric: 'CPU ms/MiB', ...overDistribution, atMost: 0.95, limits: hashing },
  { workload: 'small image push, 10 clients', metric: 'images/s', ...overPeer, atLeast: 2, limits: commits },
  ...[10, 50].map((clients) => ({
    workload: `small image push, ${clients} clients`,
    metric: 'images/s',
    ...overDistribution,
    atLeast: 2,
    limits: commits,
  })),
  {
    workload: 'image pulls, 16 clients',
    metric: 'pull p99 ms',
    subject: 'mcr, collecting',
    baseline: 'mcr, not collecting',
    atMost: 1.3,
    limits: slices,
  },
  ...['pushes', 'pulls'].map((transfers) => ({
    workload: `50 concurrent ${transfers} of 100 MiB`,
    metric: 'peak RSS MB',
    subject: 'mcr',
    atMost: 250,
    limits: buffers,
  })),
  ...['pushes', 'pulls'].map((transfers) => ({
    workload: `50 concurrent ${transfers} of 100 MiB`,
    metric: 'peak RSS MB',
    ...overDistribution,
    atMost: 1,
    limits: buffers,
  })),
  { workload: 'idle after start', metric: 'RSS MB', subject: 'mcr', atMost: 75, limits: atRest },
  { workload: 'start to ready', metric: 'ms', subject: '1,000,000 tags', atMost: 500, limits: startUp },
  { workload: 'tag list, a page of 100', ...grown },
  { workload: 'manifest by tag', ...grown },
  { workload: 'manifest by tag, first read after a start', ...grown },
  { workload: 'mcrctl --help', metric: 'ms', subject: 'mcr', atMost: 250, limits: node },
];
