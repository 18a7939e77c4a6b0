import { join } from 'node:path';
import { buildArtifact, pushImage } from '@mcr/testkit';
import { type Build, startVictim } from '../../actor/victim.ts';
import { orderViolations } from './order.ts';
import { failCheckpoint } from './strace.ts';

/** More than a checkpoint takes; a server that stops for it does so at the second or third. */
const mostPushes = 4;

/** Fails the first checkpoint of a server that takes large manifests, and looks for what it does with its database then. */
export async function checkFailedCheckpoint(build: Build = {}): Promise<readonly string[]> {
  const times = { gracePeriod: 3_600_000, uploadTtl: 3_600_000 };
  await using registry = await startVictim(build, times);
  const database = join(registry.directory, 'mcr.db');
  const client = registry.client();
  await client.token();
  const tracer = await failCheckpoint(registry.pid, database);
  const server = { hasEnded: false };
  const end = registry.exited().finally(() => {
    server.hasEnded = true;
  });
  for (let n = 0; n < mostPushes && !server.hasEnded; n += 1) {
    const annotations = { filler: `${n}`.padEnd(3 << 20) };
    const image = buildArtifact({ artifactType: 'application/x.large', content: 'large', annotations });
    await pushImage(client, 'large/image', `v${n}`, image).catch(() => undefined);
  }
  await Promise.race([end, registry.stop()]);
  const calls = await tracer.stop();
  const places = { layers: join(registry.directory, 'layers'), uploads: join(registry.directory, 'uploads'), database };
  const violations = orderViolations(calls, places).map(({ text }) => text);
  const hasFailed = calls.some(({ name, failed }) => name === 'fsync' && failed);
  return hasFailed ? [...new Set(violations)] : ['no checkpoint came that could fail'];
}
