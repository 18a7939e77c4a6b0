import type { Connection } from '../connection.ts';
import { requestHead } from '../connection.ts';
import { Latencies } from '../latencies.ts';
import { measured } from '../measured.ts';
import type { Build } from '../peers/build.ts';
import { type TwoStates, twoStates } from '../peers/two-states.ts';
import { pullImage } from '../pull.ts';
import { expectStatus } from '../push.ts';
import { openConnections, repeat } from '../repeat.ts';
import type { Group, Workload } from '../workload.ts';
import { pushImages } from './mixed.ts';

const clients = 4;
const logins = 4;
/** Failures cost a hash each, and are not slowed down here. */
const settings = { MCR_LIMITS_FAILED_LOGINS: '0', MCR_LIMITS_FAILED_LOGINS_PER_ADDRESS: '0' };

/** What pulls cost while passwords are hashed. */
export function loginsGroup(builds: readonly Build[]): Group {
  const { isInFirst, ...compared } = twoStates(['beside logins', 'without logins'], settings, builds);
  return {
    ...compared,
    name: 'Pulls beside logins',
    about: `All are MCR. While ${clients} clients pull, ${logins} more log in with wrong passwords, one after the other; each costs a hash.`,
    chart: 'bars',
    workloads: [pulls(isInFirst)],
  };
}

const pulls = (isCrowded: TwoStates['isInFirst']): Workload => ({
  name: `image pulls, ${clients} clients`,
  async measure(peer, { mixedSeconds, warmUpSeconds }) {
    const seconds = mixedSeconds / 2;
    const known = await pushImages(peer);
    using open = await openConnections(peer, clients);
    using others = await openConnections(peer, isCrowded(peer) ? logins : 0);
    let latencies = new Latencies();
    const pull = (connection: Connection, client: number, turn: number) =>
      latencies.time(() => pullImage(connection, peer, known[(client * 7 + turn) % known.length]!));
    await repeat(open, warmUpSeconds, pull);
    latencies = new Latencies();
    let hashes = 0;
    const figures = await measured(peer, 'image', async () => {
      const loggingIn = repeat(others, seconds, async (connection, client, turn) => {
        const credentials = Buffer.from(`stranger-${client}-${turn}:wrong`).toString('base64');
        const head = requestHead({ ...peer, authorization: `Basic ${credentials}` }, 'GET', '/v2/token');
        await expectStatus(401, connection.send(head));
        hashes += 1;
      });
      const [count] = await Promise.all([repeat(open, seconds, pull), loggingIn]);
      return count;
    });
    return { ...figures, ...latencies.figures('pull'), ...(others.length > 0 && { 'logins/s': hashes / seconds }) };
  },
});
