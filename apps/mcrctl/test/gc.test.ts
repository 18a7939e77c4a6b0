import { buildImage, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

let operator: Operator;

beforeAll(async () => {
  operator = await startOperator({ MCR_GC_INTERVAL: '0s' });
  await operator.login();
});
afterAll(() => operator[Symbol.asyncDispose]());

const json = async (line: string): Promise<unknown[]> => {
  const { stdout, exitCode } = await operator.run(`${line} --json`);
  expect(exitCode).toBe(0);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((text) => JSON.parse(text) as unknown);
};

test('gc status works before, while and after it runs', async () => {
  expect(await json('gc status')).toEqual([
    { running: false, current_run: null, last_run: null, pending: { blobs: 0, bytes: 0 }, next_run_at: null },
  ]);
  expect(await json('gc list')).toEqual([]);
  expect(await operator.run('gc list', { terminal: true })).toMatchObject({
    stdout: '',
    stderr: 'No garbage collection has run yet\n',
  });

  const [plain] = await json('gc --wait');
  expect(plain).toMatchObject({ reconcile: false, state: 'completed', trigger: 'api' });
  const [thorough] = await json('gc --reconcile --wait');
  expect(thorough).toMatchObject({ reconcile: true, state: 'completed', missing_files: 0 });

  expect(await json('gc list')).toEqual([thorough, plain]);
  expect(await json('gc list --limit 1')).toEqual([thorough]);
  expect(await json('gc status')).toMatchObject([
    { running: false, current_run: null, last_run: { state: 'completed', reconcile: true } },
  ]);
  expect((await operator.run('gc status')).stdout).toMatch(
    /^running\tfalse\nnext_run_at\t\nlast_run_id\t[0-9a-f-]{36}\n/,
  );
  expect((await operator.run('gc status', { terminal: true })).stdout).toMatch(
    /^running +no\nnext run at +-\nlast run +completed .*, 0 blobs removed, 0 B freed, \d+ examined\nwaiting +nothing\n$/,
  );
});

test('gc without --wait starts a run and returns', async () => {
  const { stdout, stderr } = await operator.run('gc --reconcile --json id,reconcile');
  expect(stderr).toBe('Started; mcrctl gc status shows its progress\n');
  const started = JSON.parse(stdout) as { id: string; reconcile: boolean };
  expect(started.reconcile).toBe(true);
  await expect
    .poll(() => json('gc list --limit 1'))
    .toEqual([expect.objectContaining({ ...started, state: 'completed' })]);
});

test('snapshot create takes a copy, and snapshot list shows it', async () => {
  const [taken] = await json('snapshot create');
  expect(taken).toMatchObject({ name: expect.stringMatching(/./), size: expect.any(Number) });
  const { name, size } = taken as { name: string; size: number };
  expect(await json('snapshot list')).toMatchObject([{ name, size }]);
});

test('after a deletion mcrctl prints what waits for collection, how many bytes, and until when', async () => {
  const image = await buildImage({ layers: [{ size: 1_000 }] });
  await pushImage(operator.registry.client(), 'team/app', '1.0', image);
  const { stderr } = await operator.run(`manifest delete team/app@${image.manifest.digest} --yes`);
  const bytes = image.blobs.reduce((sum, { size }) => sum + size, 0);
  expect(stderr).toMatch(
    /^Deleted .*\nWaiting for garbage collection: 2 blobs, 1\.\d KiB, removable from \S+Z \(in 23 hours\).*\nNext run: on demand, by mcrctl gc\n$/,
  );
  expect(await json('gc status')).toMatchObject([{ pending: { blobs: 2, bytes, last_due_at: expect.any(String) } }]);
  expect((await operator.run('gc --wait')).stderr).toMatch(
    /Removed 0 blobs, 0 B\nWaiting for garbage collection: 2 blobs, /,
  );
});
