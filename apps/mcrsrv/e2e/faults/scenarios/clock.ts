import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blobOf, locationOf, seededBytes, startRegistry, type TestRegistry, tempDirectory } from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { untilTrue } from '../_util/until.ts';

const shiftedClock = fileURLToPath(new URL('../_util/shifted-clock.ts', import.meta.url));
/** Beyond the life of a token, of a lease and of an idle upload. */
const jumpMs = 25 * 3_600_000;

interface Setting {
  readonly registry: TestRegistry;
  readonly library: Library;
  readonly jump: (ms: number) => Promise<void>;
}

/** Runs garbage collection to its end. */
async function collect(registry: TestRegistry): Promise<void> {
  const client = registry.client();
  assert.equal((await client.request('POST', '/v1/gc')).status, 202);
  const running = async (): Promise<boolean> => (await client.request('GET', '/v1/gc/status')).json().running;
  await untilTrue(async () => !(await running()), 'garbage collection to end');
}

async function forward({ registry, library, jump }: Setting): Promise<Row> {
  const before = registry.client();
  await library.push(before, 'before');
  const loose = blobOf(seededBytes('in a repository by its lease alone', 1_000));
  await before.pushBlob(library.repository, loose);
  const begun = locationOf(await before.startUpload(library.repository));

  const seen = new Observation('The clock jumps forward', 'by 25 hours, then garbage collection', registry);
  await jump(jumpMs);
  await collect(registry);
  const after = registry.client();
  await seen.ask('pull with a token from before', () => before.getManifest(library.repository, 'before'));
  await seen.ask('pull with a new login', () => after.getManifest(library.repository, 'before'));
  await seen.ask('a blob that no manifest references', () => after.getBlob(library.repository, loose.digest));
  await seen.ask('an idle upload', () => after.uploadStatus(begun));
  await library.push(after, 'in-the-future');
  seen.lives(registry);
  await library.verify(after);
  seen.kept('every image');
  return seen.row();
}

async function back({ registry, library, jump }: Setting): Promise<Row> {
  const before = registry.client();
  await library.push(before, 'later');
  const begun = locationOf(await before.startUpload(library.repository));
  const loose = blobOf(seededBytes('pushed in the future', 1_000));
  await before.pushBlob(library.repository, loose);

  const seen = new Observation('The clock jumps back', 'by 50 hours, then garbage collection', registry);
  await jump(-jumpMs);
  await collect(registry);
  const after = registry.client();
  await seen.ask('pull with a token from before', () => before.getManifest(library.repository, 'later'));
  await seen.ask('pull with a new login', () => after.getManifest(library.repository, 'later'));
  await seen.ask('a blob that no manifest references', () => after.getBlob(library.repository, loose.digest));
  await seen.ask('an idle upload', () => after.uploadStatus(begun));
  await library.push(after, 'in-the-past');
  seen.lives(registry);
  await library.verify(after);
  seen.kept('all');
  return seen.row();
}

/** A clock that is set. */
export const clock: Scenario = {
  name: 'clock',
  tools: [],
  async run() {
    await using directory = await tempDirectory();
    const file = join(directory.path, 'shift');
    const jump = (ms: number): Promise<void> => writeFile(file, String(ms));
    await jump(0);
    const env = { FAULT_CLOCK: file, NODE_OPTIONS: `--import ${shiftedClock}` };
    await using registry = await startRegistry({ env });
    const setting = { registry, library: new Library(registry), jump };
    return [await forward(setting), await back(setting)];
  },
};
