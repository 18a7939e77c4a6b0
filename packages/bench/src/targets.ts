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
}

const overPeer = { subject: 'mcr', baseline: 'docker-registry' } as const;
const grown = { subject: '1,000,000 tags', baseline: '1,000 tags', metric: 'ms/request', atMost: 1.3 } as const;

/** The targets, at full scale. */
export const targets: readonly Target[] = [
  { workload: 'manifest GET by tag, 16 clients, keep-alive', metric: 'requests/s', ...overPeer, atLeast: 8 },
  { workload: 'manifest GET by tag, 16 clients, keep-alive', metric: 'CPU ms/request', ...overPeer, atMost: 1 / 8 },
  ...[1, 16, 64].map((clients) => ({
    workload: `manifest HEAD by tag, ${clients} ${clients === 1 ? 'client' : 'clients'}, one connection per request`,
    metric: 'requests/s',
    ...overPeer,
    atLeast: 2,
  })),
  { workload: 'blob pull 1 GiB, 1 client', metric: 'CPU ms/MiB', ...overPeer, atMost: 0.5 },
  { workload: 'blob pull 1 GiB, 1 client', metric: 'seconds', ...overPeer, atMost: 0.6 },
  { workload: 'blob push 1 GiB, one PATCH', metric: 'CPU ms/MiB', ...overPeer, atMost: 0.6 },
  { workload: 'blob push 1 GiB, one PATCH', metric: 'seconds', ...overPeer, atMost: 0.6 },
  { workload: 'small image push, 10 clients', metric: 'images/s', ...overPeer, atLeast: 2 },
  {
    workload: 'image pulls, 16 clients',
    metric: 'pull p99 ms',
    subject: 'mcr, collecting',
    baseline: 'mcr, not collecting',
    atMost: 1.3,
  },
  { workload: '50 concurrent pushes of 100 MiB', metric: 'peak RSS MB', subject: 'mcr', atMost: 250 },
  { workload: '50 concurrent pulls of 100 MiB', metric: 'peak RSS MB', subject: 'mcr', atMost: 250 },
  { workload: 'start to ready', metric: 'ms', subject: '1,000,000 tags', atMost: 500 },
  { workload: 'tag list, a page of 100', ...grown },
  { workload: 'manifest by tag', ...grown },
  { workload: 'manifest by tag, first read after a start', ...grown },
];
