import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOciClient, createTestCa, startRegistry, type TestRegistry } from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { untilTrue } from '../_util/until.ts';

/** Has the server read its certificate again, and waits until it says what came of it. */
async function reload(registry: TestRegistry, message: RegExp): Promise<void> {
  await untilTrue(() => {
    process.kill(registry.pid, 'SIGHUP');
    return message.test(registry.log());
  }, `${message} in the log`);
}

async function broken(registry: TestRegistry, library: Library): Promise<Row> {
  const path = join(registry.directory, 'tls', 'server.crt');
  const good = await readFile(path, 'utf8');
  const seen = new Observation('A broken certificate file', 'it was overwritten with words, then SIGHUP', registry);
  await writeFile(path, 'no certificate');
  await reload(registry, /certificate not reloaded/);
  await using client = createOciClient({ ...registry, username: 'admin', password: registry.adminPassword });
  await seen.ask('GET of a manifest over a new connection', () => client.getManifest(library.repository, 'v1'));
  await seen.logged(registry, /certificate not reloaded/);
  seen.lives(registry);
  await writeFile(path, good);
  await library.verify(client);
  seen.kept('all');
  return seen.row();
}

async function expired(registry: TestRegistry, library: Library): Promise<Row> {
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue({ notAfter: new Date(Date.now() - 60_000) });
  const seen = new Observation('An expired certificate', 'it ended a minute ago', registry);
  await writeFile(join(registry.directory, 'tls', 'server.key'), keyPem);
  await writeFile(join(registry.directory, 'tls', 'server.crt'), certPem);
  await reload(registry, /certificate has expired/);
  await using client = createOciClient({ baseUrl: registry.baseUrl, ca: ca.caPem });
  await assert.rejects(client.request('GET', '/v1/health'), { code: 'CERT_HAS_EXPIRED' });
  seen.note('every request', 'none is sent, the client rejects the certificate');
  await seen.logged(registry, /certificate has expired/);
  const metrics = await (await fetch(`${registry.metricsUrl}/metrics`)).text();
  const [, notAfter] = /^registry_tls_certificate_not_after_seconds (\d+)/m.exec(metrics) ?? [];
  assert.ok(Number(notAfter) * 1_000 < Date.now(), 'the metric tells as well');
  seen.lives(registry);

  const renewed = await ca.issue();
  await writeFile(join(registry.directory, 'tls', 'server.key'), renewed.keyPem);
  await writeFile(join(registry.directory, 'tls', 'server.crt'), renewed.certPem);
  const account = { username: 'admin', password: registry.adminPassword };
  await using admin = createOciClient({ baseUrl: registry.baseUrl, ca: ca.caPem, ...account });
  await untilTrue(async () => {
    process.kill(registry.pid, 'SIGHUP');
    return await admin.request('GET', '/v2/').then(
      ({ status }) => status === 200,
      () => false,
    );
  }, 'the renewed certificate');
  await library.verify(admin);
  seen.kept('all, once it is renewed');
  return seen.row();
}

/** Certificates of the registry that clients cannot use. */
export const certificates: Scenario = {
  name: 'certificates',
  tools: [],
  async run() {
    await using registry = await startRegistry();
    const library = new Library(registry);
    await library.push(registry.client(), 'v1');
    return [await broken(registry, library), await expired(registry, library)];
  },
};
