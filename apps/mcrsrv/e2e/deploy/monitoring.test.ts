import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Figures } from '@mcr/storage';
import { buildImage, createOciClient, pushImage, runOk, startRegistry } from '@mcr/testkit';
import { Registry } from 'prom-client';
import { beforeAll, describe, expect, test } from 'vitest';
import { addS3Metrics } from '../../src/s3-metrics.ts';
import { SweepFigures } from '../../src/services/gc/sweep-objects.ts';
import { sharedDirectory, sharedResources } from '../shared.ts';
import { type Selector, selectorsIn, seriesIn } from './_util/promql.ts';
import { top } from './_util/release.ts';
import { requireTools } from './_util/tools.ts';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly refId: string }[];
}

/** What a registry with S3 has in addition. */
async function metricsOfS3(): Promise<string> {
  const registry = new Registry();
  const figures = new S3Figures();
  figures.called('get', 'ok');
  figures.called('get', 'failed');
  figures.retried('get');
  addS3Metrics(registry, { figures, isBroken: () => false, swept: new SweepFigures() });
  return await registry.metrics();
}

/** Labels that Prometheus adds. */
const scraped = ['job', 'instance'];
const monitoring = join(top, 'deploy', 'monitoring');
const alerts = await readFile(join(monitoring, 'alerts.yaml'), 'utf8');
const dashboard: { readonly panels: readonly Panel[]; readonly templating: object } = JSON.parse(
  await readFile(join(monitoring, 'dashboard.json'), 'utf8'),
);
const alertExpressions = [...alerts.matchAll(/^ +expr: (.+)$/gm)].map(([, expression = '']) => expression);
const panelExpressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe('what is monitored', () => {
  const shared = sharedResources();
  let series: Map<string, Record<string, string>[]>;

  beforeAll(async () => {
    const registry = shared.use(await startRegistry());
    const client = registry.client();
    const image = await buildImage({ layers: [{ size: 10 }] });
    await pushImage(client, 'a/b', 'v1', image);
    await client.getManifest('a/b', 'v1');
    await client.headManifest('a/b', 'v1');
    const stranger = shared.use(
      createOciClient({ baseUrl: registry.baseUrl, ca: registry.ca, username: 'x', password: 'x' }),
    );
    await stranger.token().catch(() => undefined);
    const login = {
      body: JSON.stringify({ username: 'x', password: 'x' }),
      headers: { 'content-type': 'application/json' },
    };
    await client.request('POST', '/v1/auth/login', { ...login, authorization: null });
    const exposition = await (await fetch(new URL('/metrics', registry.metricsUrl))).text();
    series = seriesIn(exposition + (await metricsOfS3()));
  });

  const problem = ({ metric, matchers }: Selector): string | undefined => {
    const samples = series.get(metric);
    if (samples === undefined) return `the server has no metric ${metric}`;
    for (const { label, operator, value } of matchers.filter((matcher) => !scraped.includes(matcher.label))) {
      if (!samples.some((labels) => label in labels)) return `${metric} has no label ${label}`;
      if (operator === '=' && !samples.some((labels) => labels[label] === value) && label !== 'status')
        return `no ${metric} has ${label}="${value}"`;
      const parts = operator === '=~' && label !== 'status' ? value.split('|') : [];
      const missing = parts.find(
        (part) => !samples.some((labels) => new RegExp(`^(?:${part})$`).test(labels[label] ?? '')),
      );
      if (missing !== undefined) return `no ${metric} has ${label}=~"${missing}"`;
    }
    return undefined;
  };

  test.each([
    ['alerts', alertExpressions],
    ['panels', panelExpressions],
  ])('the %s use metrics, labels and routes that the server really has', (_name, expressions) => {
    const selectors = expressions.flatMap(selectorsIn);
    expect(selectors.length).toBeGreaterThanOrEqual(expressions.length - 4);
    expect(selectors.map(problem).filter((text) => text !== undefined)).toEqual([]);
  });

  test('a metric, label or route that the server does not have is noticed', () => {
    const wrong = ['registry_nothing', 'registry_objects{size="1"}', 'registry_objects{kind="blob"}'];
    const routes = ['registry_http_requests_total{route=~"/v2/token|/v3/token"}'];
    for (const expression of [...wrong, ...routes])
      expect(selectorsIn(expression).map(problem)).not.toEqual([undefined]);
  });

  test('every metric of the registry itself is on the dashboard', () => {
    const own = [...series.keys()].filter((name) => name.startsWith('registry_') && !/_(sum|count)$/.test(name));
    const used = new Set(panelExpressions.flatMap(selectorsIn).map(({ metric }) => metric));
    expect(own.filter((name) => !used.has(name))).toEqual([]);
  });

  test('the panels have room of their own', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe.skipIf(!requireTools('promtool'))('in the words of Prometheus', () => {
  const shared = sharedResources();

  test('each alert fires on its failure, and not otherwise', async () => {
    const tests = join(import.meta.dirname, 'alerts.yaml');
    await runOk('promtool', ['check', 'rules', join(monitoring, 'alerts.yaml')]);
    await runOk('promtool', ['test', 'rules', tests]);
    const tested = await readFile(tests, 'utf8');
    for (const [, name = ''] of alerts.matchAll(/- alert: (\w+)/g)) expect(tested).toContain(`alertname="${name}"`);
  });

  test('the dashboard asks in valid PromQL', async () => {
    const directory = await sharedDirectory(shared);
    const rules = panelExpressions.map((expression, at) => {
      const expr = expression.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*');
      return { record: `panel:${at}`, expr };
    });
    const file = join(directory, 'panels.yaml');
    await writeFile(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    await runOk('promtool', ['check', 'rules', file]);
  });

  test('the scrape configuration is one', async () => {
    const directory = await sharedDirectory(shared);
    const file = join(directory, 'prometheus.yml');
    const text = await readFile(join(monitoring, 'prometheus.yaml'), 'utf8');
    expect(text).toContain('/etc/prometheus/mcr-alerts.yaml');
    await writeFile(file, text.replace('/etc/prometheus/mcr-alerts.yaml', join(monitoring, 'alerts.yaml')));
    await runOk('promtool', ['check', 'config', file]);
  });
});
