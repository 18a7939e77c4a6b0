import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOciClient } from '@mcr/testkit';
import { canary, type Target } from './target.ts';

const everyMs = 150;
/** On a busy machine; a registry that hangs takes forever. */
const patienceMs = 30_000;

/** Sends well-formed requests until `over`: a pull, a push and a call. Gives what went wrong, and how many there were. */
export async function watchCanary(
  { registry, client, world }: Target,
  over: AbortSignal,
): Promise<{ readonly rounds: number; readonly violations: readonly string[] }> {
  await using rpc = createOciClient({ baseUrl: registry.grpcUrl, ca: registry.ca, token: world.tokens.admin });
  const violations: string[] = [];
  const { repository, tag } = canary;
  const [blob = ''] = world.blobs;
  const expectStatus = async (what: string, call: Promise<{ readonly status: number }>, wanted: number) => {
    const late = sleep(patienceMs, { status: 'no answer' }, { ref: false });
    const { status } = await Promise.race([call, late]).catch((error: unknown) => ({ status: String(error) }));
    if (status !== wanted) violations.push(`in between, ${what} was answered with ${status}`);
  };
  const pushed = (round: number) => {
    const content = Buffer.from(`canary ${round % 50}`);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    return client.request('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { body: content });
  };
  const json = { 'content-type': 'application/json' };
  let rounds = 0;
  while (!over.aborted && violations.length === 0) {
    await expectStatus('a pull of a manifest', client.getManifest(repository, tag), 200);
    await expectStatus('a pull of a blob', client.getBlob(repository, blob), 200);
    await expectStatus('a push of a blob', pushed(rounds), 201);
    const call = rpc.request('POST', '/mcr.v1.AuthService/WhoAmI', { body: '{}', headers: json });
    await expectStatus('a call', call, 200);
    rounds += 1;
    await sleep(everyMs, undefined, { signal: over }).catch(() => {});
  }
  return { rounds, violations };
}
