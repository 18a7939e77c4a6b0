import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { digestOf } from '@mcr/core';
import { createTestCa, locationOf, startWorkers } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { sharedResources } from '../shared.ts';
import { certificateOf, isRunning, logOf, pidOf, pidsOf, pollOptions } from './_util.ts';

const registry = sharedResources().use(await startWorkers(2));

/** Waits until a body that is being sent has come as far as the disk. */
async function untilBytesCome(): Promise<void> {
  const uploads = join(registry.directory, 'uploads');
  const size = async (): Promise<number> => {
    const names = await readdir(uploads);
    const sizes = await Promise.all(names.map((name) => stat(join(uploads, name)).catch(() => ({ size: 0 }))));
    return sizes.reduce((sum, file) => sum + file.size, 0);
  };
  await expect.poll(size, pollOptions).toBeGreaterThan(0);
}

/** Whether the port takes no connection. */
async function isRefused(): Promise<boolean> {
  return await certificateOf(registry).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );
}

test('SIGHUP has every worker read the certificate again', async () => {
  const before = await certificateOf(registry);
  const tls = ['server.key', 'server.crt'].map((name) => join(registry.directory, 'tls', name));
  const own = await Promise.all(tls.map((path) => readFile(path)));
  const { certPem, keyPem } = await (await createTestCa()).issue();
  for (const [at, pem] of [keyPem, certPem].entries()) await writeFile(tls[at]!, pem);
  process.kill(registry.pid, 'SIGHUP');
  const reloaded = () => new Set(logOf(registry).flatMap((it) => (it.msg === 'certificate reloaded' ? it.worker : [])));
  await expect.poll(reloaded, pollOptions).toEqual(new Set([1, 2]));
  const serials = await Promise.all(Array.from({ length: 4 }, () => certificateOf(registry)));
  expect(new Set(serials).size).toBe(1);
  expect(serials[0]).not.toBe(before);
  for (const [at, pem] of own.entries()) await writeFile(tls[at]!, pem);
  await registry.restart();
});

test('SIGTERM lets transfers at both workers finish, and ends all processes with exit code 0', async () => {
  const clients = [await registry.clientOf(1), await registry.clientOf(2)];
  const workers = await pidsOf(registry);
  const uploads = await Promise.all(
    clients.map(async (client, at) => {
      const body = new PassThrough();
      const location = locationOf(await client.startUpload('app'));
      // More than the server keeps in memory before it writes.
      const content = `${'x'.repeat(4 << 20)} and after ${at}`;
      const finished = client.finishUpload(location, digestOf(content), body);
      body.write(content.slice(0, 4 << 20));
      return { body, finished, digest: digestOf(content), rest: content.slice(4 << 20) };
    }),
  );
  await untilBytesCome();
  process.kill(registry.pid, 'SIGTERM');
  await expect.poll(() => registry.log(), pollOptions).toContain('transfers in flight may finish');
  await expect.poll(isRefused, pollOptions).toBe(true);
  for (const { body, rest } of uploads) body.end(rest);
  for (const { finished } of uploads) expect((await finished).status).toBe(201);
  expect((await registry.exited()).code).toBe(0);
  expect(workers.filter(isRunning)).toEqual([]);

  await registry.restart();
  for (const { digest } of uploads)
    expect(await registry.client().hashBlob('app', digest)).toMatchObject({ status: 200, digest });
});

test('a signal to the whole group, as a terminal sends it, stops the registry once', async () => {
  const { code, stderr } = await registry.kill('SIGINT');
  expect([code, stderr]).toEqual([0, '']);
  expect(logOf(registry).filter(({ msg }) => msg.startsWith('stopping'))).toHaveLength(1);
  expect(logOf(registry).filter(({ level }) => level === 'error')).toEqual([]);
  await registry.restart();
});

test('when the primary is killed, its workers end and leave the ports free', async () => {
  const workers = await pidsOf(registry);
  expect(workers).toHaveLength(2);
  process.kill(registry.pid, 'SIGKILL');
  await expect.poll(() => workers.filter(isRunning), pollOptions).toEqual([]);
  await expect.poll(isRefused, pollOptions).toBe(true);
  await registry.restart();
  expect((await registry.client().request('GET', '/v2/')).status).toBe(200);
});

test('a worker that ends again and again is replaced ever later, while the other one serves', async () => {
  const client = await registry.clientOf(1);
  const waits = () => logOf(registry).flatMap(({ waitMs }) => waitMs ?? []);
  for (const count of [1, 2, 3]) {
    await expect.poll(() => pidOf(registry, 2).catch(() => 0), pollOptions).toBeGreaterThan(0);
    process.kill(await pidOf(registry, 2), 'SIGKILL');
    await expect.poll(() => waits().length, pollOptions).toBe(count);
    expect((await client.request('GET', '/v2/')).status).toBe(200);
  }
  expect(waits()).toEqual([200, 400, 800]);
  const text = await (await fetch(`${registry.metricsUrl}/metrics`)).text();
  expect(text).toMatch(/^registry_worker_restarts_total 3$/m);
  expect((await (await registry.clientOf(2)).request('GET', '/v2/')).status).toBe(200);
});

describe('a start that fails', () => {
  test('because its port is taken ends with that error, once, and with exit code 1', async () => {
    const { code, stdout, stderr } = await registry.tryCli(['server', '--config', registry.configPath]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^mcrsrv: server\.listen_addr: cannot listen on .*the port is in use/),
      '',
    ]);
  });
});
