import { expect, test } from 'vitest';
import type { Contender, RunningPeer } from './peers/peer.ts';
import { measureAll } from './rounds.ts';
import { scales } from './scale.ts';
import type { Group, Workload } from './workload.ts';

/** What happens, in order. */
type Log = string[];

function contender(name: string, log: Log): Contender {
  return {
    name,
    start() {
      log.push(`start ${name}`);
      const dispose = () => Promise.resolve(void log.push(`stop ${name}`));
      return Promise.resolve({ name, [Symbol.asyncDispose]: dispose } as unknown as RunningPeer);
    },
  };
}

function workload(name: string, log: Log, others: Partial<Workload> = {}): Workload {
  return {
    name,
    measure(peer) {
      log.push(`${name} ${peer.name}`);
      return Promise.resolve({ ms: log.length });
    },
    ...others,
  };
}

function groupOf(log: Log, workloads: readonly Workload[]): Group {
  const contenders = [contender('a', log), contender('b', log)];
  return { name: 'G', about: '', chart: 'bars', contenders, comparisons: [['a', 'b']], workloads };
}

const options = { scale: { ...scales.quick, groupWarmUpSeconds: 0 }, rounds: 1, onLine: () => {} };

test('contenders run together, and take turns at each workload, another one first each time', async () => {
  const log: Log = [];
  const group = groupOf(log, [workload('w1', log), workload('w2', log)]);
  await measureAll([group], { ...options, rounds: 2 });
  const [first, second] = [log.slice(0, 8), log.slice(8)];
  expect(first).toEqual(['start a', 'start b', 'w1 a', 'w1 b', 'w2 b', 'w2 a', 'stop b', 'stop a']);
  expect(second).toEqual(['start a', 'start b', 'w1 b', 'w1 a', 'w2 a', 'w2 b', 'stop b', 'stop a']);
});

test('every contender is warmed up before the first workload', async () => {
  const log: Log = [];
  const group = { ...groupOf(log, [workload('w', log)]), warmUps: [workload('warm', log)] };
  const { series } = await measureAll([group], options);
  expect(log.slice(2, 6)).toEqual(['warm a', 'warm b', 'w a', 'w b']);
  expect(new Set(series.map((one) => one.workload))).toEqual(new Set(['w']));
});

test('the responder takes part in what is static only, and is not started for anything else', async () => {
  const log: Log = [];
  const responder = contender('static', log);
  const measured = [workload('w1', log, { isStatic: true }), workload('w2', log)];
  const warmUps = [workload('warm', log)];
  await measureAll([{ ...groupOf(log, measured), responders: [responder], warmUps }], options);
  expect(log.filter((line) => line.includes('static'))).toEqual(['start static', 'w1 static', 'stop static']);

  log.length = 0;
  await measureAll([{ ...groupOf(log, measured.slice(1)), responders: [responder] }], options);
  expect(log.filter((line) => line.includes('static'))).toEqual([]);
});

test('a round that fails leaves a gap, so that the others keep their places', async () => {
  const log: Log = [];
  let turns = 0;
  const shaky = workload('w', log, {
    measure(peer) {
      if (peer.name === 'b') return Promise.resolve({ ms: 1 });
      turns += 1;
      return turns === 2 ? Promise.reject(new Error('No response')) : Promise.resolve({ ms: turns });
    },
  });
  const { series, failures } = await measureAll([groupOf(log, [shaky])], { ...options, rounds: 3 });
  expect(failures).toEqual(['w: a: No response']);
  const rounds = Object.fromEntries(series.map((one) => [one.contender, one.rounds]));
  expect(rounds).toEqual({ a: [1, null, 3], b: [1, 1, 1] });
});

test('a contender that does not start is reported, and the others are measured', async () => {
  const log: Log = [];
  const group = groupOf(log, [workload('w', log)]);
  const broken = { name: 'a', start: () => Promise.reject(new Error('The port is taken')) };
  const { series, failures } = await measureAll([{ ...group, contenders: [broken, group.contenders[1]!] }], options);
  expect(failures).toEqual(['G: a: The port is taken']);
  expect(series.map((one) => one.contender)).toEqual(['b']);
});
