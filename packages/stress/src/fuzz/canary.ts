import { setTimeout as sleep } from 'node:timers/promises';
import { createOciClient, type OciClient, type OciResponse } from '@mcr/testkit';
import type { Weights } from '../actor/actions.ts';
import { actOnce } from '../actor/actor.ts';
import { clientOf, connect, rest } from '../actor/client.ts';
import { makeImages } from '../actor/images.ts';
import { Interrupted, World } from '../actor/world.ts';
import { inspectClient } from '../inspect/inspect.ts';
import { Ledger } from '../model/ledger.ts';
import { Random } from '../random.ts';
import { canary, type Target } from './target.ts';

const everyMs = 150;
/** On a busy machine; a registry that hangs takes forever. */
const timeoutMs = 30_000;
const hour = 3_600_000;

/**
 * A request that waits while the server works for so long has been kept from its turn. The server's own work counts, and
 * not time: on a busy machine it takes longer, but is no more.
 */
const maxWorkMs = 3_000;

/**
 * Tags cannot be deleted by themselves in a registry as it comes, a plan needs new connections, of which inputs may leave
 * none, and the policy is theirs.
 */
const weights: Weights = {
  push: 6,
  pushAgain: 1,
  pushIndex: 1,
  pushReferrer: 1,
  move: 1,
  pull: 6,
  untag: 0,
  untagAll: 0,
  remove: 2,
  drop: 1,
  loose: 4,
  uploads: 3,
  policy: 0,
};

/** What the well-formed requests in between met. */
export interface CanaryReport {
  readonly rounds: number;
  readonly longestWorkMs: number;
  readonly violations: readonly string[];
}

/** Watches, until `over` or until something goes wrong. */
export type Canary = (over: AbortSignal) => Promise<CanaryReport>;

/**
 * Prepares well-formed requests: pulls, a call, a page of the web UI, and what a random actor does in a repository that no
 * input names, which must be what the model says, also in the end.
 */
export async function prepareCanary(target: Target, seed: string): Promise<Canary> {
  const { registry, client, names, ports } = target;
  const world = new World({ gracePeriod: hour, uploadTtl: hour });
  const connection = await connect(registry, world);
  let longestWorkMs = 0;
  world.around = async (phase, send) => {
    const before = await target.worked().catch(() => 0);
    try {
      return await Promise.race([send(), late()]);
    } finally {
      const work = (await target.worked().catch(() => before)) - before;
      longestWorkMs = Math.max(longestWorkMs, work);
      if (work > maxWorkMs) world.violate(`${phase} had to wait for ${work} ms of other work`);
    }
  };
  const ledger = new Ledger('canary/actor');
  const role = { ledgers: [ledger], random: new Random(`${seed} canary`), weights: () => weights };
  const images = await makeImages('canary', { images: 8, baseLayers: 2, otherLayers: 4, largestLayer: 9_000 });
  const scene = { images, repositories: [canary.repository] };
  const baseUrl = `https://127.0.0.1:${ports.web}`;
  const expectOk = async (what: string, send: () => Promise<OciResponse>) =>
    world.expect(what, await world.request('reading', send), 200);

  const round = async (rpc: OciClient, web: OciClient | undefined): Promise<void> => {
    if (web !== undefined) await expectOk('a page', () => web.request('GET', '/login'));
    await expectOk('a pull of a manifest', () => client.getManifest(canary.repository, canary.tag));
    await expectOk('a pull of a blob', () => client.getBlob(canary.repository, names.blobs[0]!));
    await expectOk('a call', () => rest({ oci: rpc }, 'POST', '/mcr.v1.AuthService/WhoAmI', {}));
    await actOnce(connection, role, scene);
  };
  return async (over) => {
    await using rpc = createOciClient({ baseUrl: registry.grpcUrl, ca: registry.ca, token: names.tokens.admin });
    await using web = ports.web === 0 ? undefined : createOciClient({ baseUrl, ca: registry.ca });
    let rounds = 0;
    for (; !over.aborted && world.violations.length === 0; rounds += 1) {
      await round(rpc, web).catch(unlessInterrupted);
      await sleep(everyMs, undefined, { signal: over }).catch(() => {});
    }
    if (world.violations.length === 0) await inspectClient(clientOf(connection, ledger, role.random));
    return { rounds, longestWorkMs, violations: world.violations.map((what) => `in between, ${what}`) };
  };
}

async function late(): Promise<never> {
  await sleep(timeoutMs, undefined, { ref: false });
  throw new Error('it takes too long');
}

/** That no response came is among the violations. */
function unlessInterrupted(error: unknown): void {
  if (!(error instanceof Interrupted)) throw error;
}
