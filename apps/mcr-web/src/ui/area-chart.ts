import { html } from 'hono/html';
import { scaleTop } from './chart.ts';
import type { Fragment } from './page.ts';

/** A value at a position. */
export interface Point {
  /** Position, in whatever the chart counts. */
  readonly at: number;
  readonly value: number;
}

/** What a chart of a course shows. */
export interface AreaChart {
  /** What it says, in a sentence. */
  readonly label: string;
  /** First and last position. */
  readonly from: number;
  readonly to: number;
  /** In order, with what is shown when pointed at. */
  readonly points: readonly (Point & { readonly title: string })[];
  /** How it goes on from the last point. */
  readonly next?: Point;
  /** A value that must not be reached, and what it is called. */
  readonly limit?: { readonly value: number; readonly name: string };
  /** Where the limit is reached, with what is shown when pointed at. */
  readonly reached?: { readonly at: number; readonly title: string };
  /** Names below the chart. */
  readonly names: readonly (readonly [at: number, name: string])[];
}

const height = 144;
const lines = 3;
const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** An area with a scale. Positions are in percent, so that text keeps its size at any width. */
export function areaChart(chart: AreaChart): Fragment {
  const { label, from, to, points, next, limit, reached, names } = chart;
  const values = [...points, ...(next ? [next] : []), ...(limit ? [limit] : [])].map(({ value }) => value);
  const top = scaleTop(Math.max(1e-9, ...values), lines);
  const x = (at: number) => ((at - from) / Math.max(1, to - from)) * 100;
  const y = (value: number) => 100 - (value / top) * 100;
  const marks = Array.from({ length: lines + 1 }, (_, at) => (top / lines) * at);
  const last = points.at(-1);
  const path = points.map(({ at, value }) => `${x(at).toFixed(2)} ${y(value).toFixed(2)}`).join(' L');
  const bounds = points.length === 0 ? [0, 0] : [x(points[0]!.at), x(last!.at)];
  const width = 100 / Math.max(1, to - from);
  return html`<div class="chart"><svg class="chart__y" height="${height}" aria-hidden="true">${marks.map((value) => html`<text x="100%" text-anchor="end" y="${percent(y(value))}" dy="4">${number.format(value)}</text>`)}</svg>
<svg class="chart__plot" height="${height}" role="img" aria-label="${label}">${marks.map((value) => html`<line x1="0" x2="100%" y1="${percent(y(value))}" y2="${percent(y(value))}"></line>`)}
<svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none"><path class="area" d="M${path} L${bounds[1]?.toFixed(2)} 100 L${bounds[0]?.toFixed(2)} 100Z"></path><path class="path" d="M${path}"></path>${next === undefined || last === undefined ? '' : html`<path class="path path--next" d="M${x(last.at).toFixed(2)} ${y(last.value).toFixed(2)} L${x(next.at).toFixed(2)} ${y(next.value).toFixed(2)}"></path>`}</svg>
${points.map(({ at, title }) => html`<g><title>${title}</title><rect class="hit" x="${percent(x(at) - width / 2)}" width="${percent(width)}" height="100%"></rect></g>`)}
${limit === undefined ? '' : html`<line class="cap" x1="0" x2="100%" y1="${percent(y(limit.value))}" y2="${percent(y(limit.value))}"></line><text class="cap-t" x="4" y="${percent(y(limit.value))}" dy="-5">${limit.name}</text>`}
${reached === undefined || limit === undefined ? '' : html`<circle class="cbad" cx="${percent(x(reached.at))}" cy="${percent(y(limit.value))}" r="4"><title>${reached.title}</title></circle>`}</svg>
<svg class="chart__x" height="16" aria-hidden="true">${names.map(([at, name]) => html`<text x="${percent(x(at))}" y="12" text-anchor="${at === from ? 'start' : at === to ? 'end' : 'middle'}">${name}</text>`)}</svg></div>`;
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}
