import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Change } from './_corpus-change.ts';
import { changes, newer } from './_corpus-changes.ts';
import { declaredOperations, uncovered } from './_corpus-coverage.ts';
import { expectedResponses } from './_corpus-differences.ts';
import { play } from './_corpus-play.ts';
import { playCalls } from './_corpus-protocols.ts';
import { isSame, merged, readRecording, recordingPath, render } from './_corpus-recording.ts';
import { type CorpusSeed, createCorpusSeed } from './_corpus-seed.ts';
import type { Recording } from './_corpus-step.ts';
import { mciasSteps } from './_corpus-steps-mcias.ts';
import { protocolSteps } from './_corpus-steps-protocols.ts';
import { subjects } from './_corpus-subjects.ts';
import { openCorpusWorld } from './_corpus-world.ts';

/** Thousands of requests, on a machine that may have other things to do. */
const timeout = 180_000;
/** Steps that a failure shows. */
const mostShown = 40;
const effective = new Set<Change>();
let seed: CorpusSeed;

beforeAll(async () => {
  seed = await createCorpusSeed();
}, timeout);
afterAll(() => seed?.[Symbol.asyncDispose]());

/** Compares with the recording, apart from the changes that are meant. vitest with --update records new steps only. */
async function compare(subject: string, played: Recording<object>, expectHere: typeof expect): Promise<void> {
  const recording = merged(await readRecording<object>(subject), played);
  await expectHere(render(recording), 'steps on record').toMatchFileSnapshot(recordingPath(subject));
  const expected = expectedResponses(subject, recording, changes);
  for (const change of expected.effective) effective.add(change);
  expectHere(expected.problems).toEqual([]);
  const compared = Object.entries(played).filter(([name]) => !expected.uncompared.has(name));
  const different = compared.filter(([name, it]) => !isSame(it.response, expected.responses[name]));
  const shown = different.slice(0, mostShown);
  const were = shown.map(([name, it]): [string, object] => [name, { ...it, response: expected.responses[name] }]);
  // As text, since the order of fields counts.
  expectHere(render(Object.fromEntries(shown)), `${different.length} steps`).toBe(
    render(Object.fromEntries(were) as typeof played),
  );
}

describe.concurrent('the admin API does what is on record', () => {
  test.for(Object.entries(subjects))(
    'for requests about %s',
    { timeout },
    async ([subject, steps], { expect: here }) => {
      await compare(subject, await play(seed, steps), here);
    },
  );

  test('for a registry whose accounts MCIAS keeps', { timeout }, async ({ expect: here }) => {
    await compare('mcias', await play(seed, mciasSteps, 'mcias'), here);
  });

  test('for every RPC by Connect, gRPC and gRPC-Web, which give the same', { timeout }, async ({ expect: here }) => {
    const played = await playCalls(seed, protocolSteps);
    const differing = Object.entries(played).filter(
      ([, { response }]) => 'grpc' in response && 'message' in (response.grpc as object),
    );
    here(differing, 'successes that are not the same').toEqual([]);
    await compare('protocols', played, here);
  });
});

describe('the corpus', () => {
  test('has a success and a denial of every route and RPC that is not newer', async () => {
    await using world = await openCorpusWorld(seed);
    const authorization = `Bearer ${world.token('admin')}`;
    const openApi = await world.rest.request('GET', '/v1/openapi.json', { authorization });
    const operations = declaredOperations(openApi.json());
    expect(
      newer.filter((name) => !operations.includes(name)),
      'newer, but not there',
    ).toEqual([]);
    const names = [...Object.keys(subjects), 'mcias', 'protocols'];
    const recordings = await Promise.all(names.map((subject) => readRecording<object>(subject)));
    const missing = uncovered(operations, recordings);
    expect(missing.filter((it) => !newer.some((name) => it.startsWith(`${name} `)))).toEqual([]);
    const listed = newer.filter((name) => !missing.some((it) => it.startsWith(`${name} `)));
    expect(listed, 'newer, but in the recordings').toEqual([]);
  });

  test('has no change on its list that makes no difference', () => {
    expect(changes.filter((change) => !effective.has(change))).toEqual([]);
  });
});
