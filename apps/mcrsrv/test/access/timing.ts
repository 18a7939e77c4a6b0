import { performance } from 'node:perf_hooks';
import { digestOf } from '@mcr/core';
import { testPassword } from '../_util/server.ts';
import { createWorld, type World } from './_world.ts';

/**
 * Measures whether time tells what a response does not: medians of two kinds of request, made in turns.
 * `node apps/mcrsrv/test/access/timing.ts [rounds]`, on a machine that has nothing else to do.
 */
const rounds = Number(process.argv[2] ?? 300);
/** Each costs an argon2 hash. */
const loginRounds = Math.ceil(rounds / 10);

interface Pair {
  readonly name: string;
  readonly rounds: number;
  readonly one: () => Promise<unknown>;
  readonly other: () => Promise<unknown>;
}

await using world = await createWorld({ env: { MCR_LIMITS_FAILED_LOGINS: '0' } });
for (const pair of [...(await rejections(world)), ...logins(world)]) {
  const { one, other } = await measure(pair);
  const apart = (100 * (other - one)) / one;
  process.stdout.write(`${pair.name}: ${one.toFixed(2)} ms and ${other.toFixed(2)} ms, ${apart.toFixed(1)} % apart\n`);
}

async function rejections({ server, callers, ...make }: World): Promise<Pair[]> {
  const [introduction] = callers.find(({ name }) => name === 'person')!.introduce();
  const ask = (path: string, method = 'GET') => {
    return () => server.admin.request(method, path, { authorization: introduction!.headers['authorization'] ?? null });
  };
  const theirs = await make.blob('other/app');
  const unknown = digestOf('in no repository');
  return [
    {
      name: 'tags of a forbidden and of an unknown repository',
      one: ask('/v2/other/app/tags/list'),
      other: ask('/v2/other/zzz/tags/list'),
      rounds,
    },
    {
      name: 'a blob that another repository has, and one that none has',
      one: ask(`/v2/own/app/blobs/${theirs}`),
      other: ask(`/v2/own/app/blobs/${unknown}`),
      rounds,
    },
    {
      name: 'the same by HEAD',
      one: ask(`/v2/own/app/blobs/${theirs}`, 'HEAD'),
      other: ask(`/v2/own/app/blobs/${unknown}`, 'HEAD'),
      rounds,
    },
  ];
}

function logins({ server }: World): Pair[] {
  let tries = 0;
  const ask = (username: string, password?: string) => () => {
    const words = password ?? `wrong password ${(tries += 1)}`;
    const authorization = `Basic ${Buffer.from(`${username}:${words}`).toString('base64')}`;
    return server.admin.request('GET', '/v2/token', { authorization });
  };
  return [
    { name: 'a wrong password and an unknown name', one: ask('person'), other: ask('unknown'), rounds: loginRounds },
    {
      name: 'a wrong password and a disabled account',
      one: ask('person'),
      other: ask('disabled', testPassword),
      rounds: loginRounds,
    },
  ];
}

async function measure({ one, other, rounds: times }: Pair): Promise<{ one: number; other: number }> {
  const durations = { one: [] as number[], other: [] as number[] };
  for (let round = 0; round < times; round += 1) {
    durations.one.push(await timed(one));
    durations.other.push(await timed(other));
  }
  return { one: median(durations.one), other: median(durations.other) };
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await task();
  return performance.now() - begin;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
