import type { Peer } from '../peers/peer.ts';
import type { Group, Workload } from '../workload.ts';
import { smallBlobPulls } from './blob-pulls.ts';
import { manifestRead } from './manifests.ts';

const workloads: readonly Workload[] = [
  manifestRead({ method: 'GET', by: 'tag', connections: 16, keepAlive: true }),
  manifestRead({ method: 'HEAD', by: 'tag', connections: 16, keepAlive: true }),
  manifestRead({ method: 'GET', by: 'tag', connections: 16, keepAlive: false }),
  smallBlobPulls(16),
];

/** Another registry with what it has of what MCR does at each request; its best case is measured in the other groups. */
export function likeForLike(builds: readonly Peer[], other: Peer): Group {
  return {
    name: 'Like for like',
    about:
      'distribution v3 verifies a token, which names what may be done where, and writes a log line, at each request, as MCR does. ' +
      'It has neither rules that apply at once nor an audit log. In the groups above it does none of this.',
    chart: 'bars',
    contenders: [...builds, other],
    warmUps: workloads,
    comparisons: [
      ...builds.map(({ name }) => [name, other.name] as const),
      ...builds.slice(1).map(({ name }) => ['mcr', name] as const),
    ],
    workloads,
  };
}
