import { mediaTypes } from '@mcr/core';
import { Connection, requestHead } from '../connection.ts';
import { largeRepository, tagName } from '../fill.ts';
import { Latencies } from '../latencies.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus } from '../push.ts';
import { repeat } from '../repeat.ts';
import type { Workload } from '../workload.ts';

/** The most expensive requests that are allowed: long pages, searches that find nothing, filters that match nothing. */
const expensive: Readonly<Record<string, string>> = {
  'a page of 1,000 tags': `/v1/repositories/${largeRepository}/tags?n=1000&sort=version`,
  'a repository with 1,000 of its tags': `/v1/repositories/${largeRepository}?n=1000`,
  'a search of repositories': '/v1/repositories?n=1000&search=nothing',
  'an audit query that matches nothing': '/v1/audit?n=1000&actor_id=robot&event_type=policy_deny',
  'an audit query of a period': '/v1/audit?n=1000&since=2020-01-01T00:00:00Z&until=2020-02-01T00:00:00Z',
  statistics: '/v1/statistics',
};

/** How long one client waits for a manifest while another sends only one kind of expensive request. */
export const besideWorkloads: readonly Workload[] = Object.entries(expensive).map(([name, path]) => ({
  name: `manifest by tag, beside ${name}`,
  async measure(peer, { seconds, warmUpSeconds }) {
    using cheap = await Connection.open(peer);
    using costly = await Connection.open(peer);
    const heads = [manifestHead(peer), requestHead(peer, 'GET', path)] as const;
    const waits = new Latencies();
    let longest = 0;
    const ask = async (connection: Connection, lane: number): Promise<void> => {
      if (lane === 1) return void (await expectStatus(200, connection.send(heads[1])));
      const begun = performance.now();
      await waits.time(() => expectStatus(200, connection.send(heads[0])));
      longest = Math.max(longest, performance.now() - begun);
    };
    await repeat([costly], warmUpSeconds, () => expectStatus(200, costly.send(heads[1])));
    await repeat([cheap, costly], seconds, ask);
    return { ...waits.figures('manifest'), 'manifest max ms': longest };
  },
}));

function manifestHead(peer: RunningPeer): string {
  return requestHead(peer, 'GET', `/v2/${largeRepository}/manifests/${tagName(0)}`, { Accept: mediaTypes.ociManifest });
}
