import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOciClient } from '@mcr/testkit';
import { canary, type Target } from './target.ts';

const everyMs = 150;
/** On a busy machine; a registry that hangs takes forever. */
const patienceMs = 30_000;

/**
 * A request that waits while the server works for so long has been kept from its turn. The server's own work counts, and
 * not time: on a busy machine it takes longer, but is no more.
 */
const maxWorkMs = 3_000;

/** What the well-formed requests in between met. */
export interface CanaryReport {
  readonly rounds: number;
  readonly longestWorkMs: number;
  readonly violations: readonly string[];
}

/** Sends well-formed requests until `over`, or until one goes wrong: a pull, a push, a call, and a page of the web UI. */
export async function watchCanary(target: Target, over: AbortSignal): Promise<CanaryReport> {
  const { registry, client, world, ports } = target;
  await using rpc = createOciClient({ baseUrl: registry.grpcUrl, ca: registry.ca, token: world.tokens.admin });
  const baseUrl = `https://127.0.0.1:${ports.web}`;
  await using web = ports.web === 0 ? undefined : createOciClient({ baseUrl, ca: registry.ca });
  const violations: string[] = [];
  let longestWorkMs = 0;
  const { repository, tag } = canary;
  const [blob = ''] = world.blobs;
  type Call = () => Promise<{ readonly status: number }>;
  const expectStatus = async (what: string, call: Call, wanted: number) => {
    const before = await target.worked().catch(() => 0);
    const late = sleep(patienceMs, { status: 'no answer' }, { ref: false });
    const { status } = await Promise.race([call(), late]).catch((error: unknown) => ({ status: String(error) }));
    if (status !== wanted) violations.push(`in between, ${what} was answered with ${status}`);
    const work = (await target.worked().catch(() => before)) - before;
    longestWorkMs = Math.max(longestWorkMs, work);
    if (work > maxWorkMs) violations.push(`in between, ${what} had to wait for ${work} ms of other work`);
  };
  const pushed = (round: number) => {
    const content = Buffer.from(`canary ${round % 50}`);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    return client.request('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { body: content });
  };
  const json = { 'content-type': 'application/json' };
  let rounds = 0;
  while (!over.aborted && violations.length === 0) {
    if (web !== undefined) await expectStatus('a page', () => web.request('GET', '/login'), 200);
    await expectStatus('a pull of a manifest', () => client.getManifest(repository, tag), 200);
    await expectStatus('a pull of a blob', () => client.getBlob(repository, blob), 200);
    await expectStatus('a push of a blob', () => pushed(rounds), 201);
    const call: Call = () => rpc.request('POST', '/mcr.v1.AuthService/WhoAmI', { body: '{}', headers: json });
    await expectStatus('a call', call, 200);
    rounds += 1;
    await sleep(everyMs, undefined, { signal: over }).catch(() => {});
  }
  return { rounds, longestWorkMs, violations };
}
