import { untilReady } from '../wait-until.ts';
import type { Workload } from '../workload.ts';

/** From starting the process to its first response that it is ready. */
export const startToReady: Workload = {
  name: 'start to ready',
  async measure(peer) {
    await peer.stop();
    const begun = performance.now();
    const ready = untilReady(peer).then(() => performance.now() - begun);
    const [milliseconds] = await Promise.all([ready, peer.start()]);
    return { ms: milliseconds };
  },
};
