import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { figuresOf } from './figures.ts';
import { MetricSum } from './metric-sum.ts';

/** A worker with metrics of each kind. */
function worker(requests: number, objects: number, memory: number) {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'registry_requests', help: 'r', labelNames: ['status'], registers }).inc(
    { status: '200' },
    requests,
  );
  const duration = new Histogram({ name: 'registry_seconds', help: 's', buckets: [1], registers });
  for (let at = 0; at < requests; at += 1) duration.observe(0.5);
  new Gauge({ name: 'registry_objects', help: 'o', aggregator: 'first', registers }).set(objects);
  new Gauge({ name: 'process_memory', help: 'm', registers }).set(memory);
  return registry;
}

async function lines(sum: MetricSum): Promise<string[]> {
  const text = await sum.text([]);
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('counts and histograms of workers are added up, what they share is there once, and processes are told apart', async () => {
  const sum = new MetricSum();
  sum.update({}, 1, await figuresOf(worker(2, 7, 10), true));
  sum.update({}, 2, await figuresOf(worker(3, 7, 20), false));
  expect(await lines(sum)).toEqual(
    expect.arrayContaining([
      'registry_requests{status="200"} 5',
      'registry_seconds_bucket{le="1"} 5',
      'registry_seconds_count 5',
      'registry_seconds_sum 2.5',
      'registry_objects 7',
      'process_memory{worker="1"} 10',
      'process_memory{worker="2"} 20',
    ]),
  );
});

test('counts of a worker that has ended stay, and nothing else of it does', async () => {
  const sum = new MetricSum();
  const [first, second] = [{}, {}];
  sum.update(first, 1, await figuresOf(worker(2, 7, 10), true));
  sum.end(first);
  sum.update(second, 1, await figuresOf(worker(3, 8, 30), true));
  sum.end(second);
  sum.update({}, 1, await figuresOf(worker(1, 9, 40), true));
  const found = await lines(sum);
  expect(found).toContain('registry_requests{status="200"} 6');
  expect(found).toContain('registry_seconds_bucket{le="+Inf"} 6');
  expect(found.filter((line) => line.startsWith('process_memory'))).toEqual(['process_memory{worker="1"} 40']);
  expect(found).toContain('registry_objects 9');
});

test('a worker that did not respond counts as it did before', async () => {
  const sum = new MetricSum();
  const [silent, other] = [{}, {}];
  sum.update(silent, 1, await figuresOf(worker(2, 7, 10), true));
  sum.update(other, 2, await figuresOf(worker(1, 8, 20), true));
  expect(await lines(sum)).toContain('registry_requests{status="200"} 3');
});

test('what all workers share is read only where it is asked for', async () => {
  const registry = worker(1, 7, 10);
  const names = async (shared: boolean) => (await figuresOf(registry, shared)).map(({ name }) => name);
  expect(await names(true)).toContain('registry_objects');
  expect(await names(false)).not.toContain('registry_objects');
});
