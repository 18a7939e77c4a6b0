import { html } from 'hono/html';
import { bytesText } from './format.ts';
import type { Fragment } from './page.ts';

/** A day, or another step of time, as a bar. */
export interface Step {
  readonly value: number;
  /** Shown when pointed at. */
  readonly title: string;
  readonly href: string;
}

/** What a bar chart shows. */
export interface BarChart {
  /** What it says, in a sentence. */
  readonly label: string;
  readonly steps: readonly Step[];
  /** Height of the plot in pixels. */
  readonly height: number;
  /** Number of lines above the base. */
  readonly lines: number;
  readonly color: 'c2' | 'cbad' | 'c4';
  /** Names below the chart: position of the step, text. */
  readonly names?: readonly (readonly [at: number, name: string])[];
}

/** Share of a step that is empty on each side of its bar. */
const gap = 0.16;
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** Bars with a scale. Positions are in percent, so that text keeps its size at any width. */
export function barChart({ label, steps, height, lines, color, names = [] }: BarChart): Fragment {
  // A count has no fractions.
  const top = Math.max(lines, Math.ceil(scaleTop(Math.max(1, ...steps.map(({ value }) => value)), lines)));
  const width = 100 / Math.max(1, steps.length);
  const marks = Array.from({ length: lines + 1 }, (_, at) => at);
  const y = (value: number) => percent(100 - (value / top) * 100);
  return html`<div class="chart"><svg class="chart__y" height="${height}" aria-hidden="true">${marks.map((at) => html`<text x="100%" text-anchor="end" y="${y((top / lines) * at)}" dy="4">${compact.format((top / lines) * at).toLowerCase()}</text>`)}</svg>
<svg class="chart__plot" height="${height}" role="group" aria-label="${label}">${marks.map((at) => html`<line x1="0" x2="100%" y1="${y((top / lines) * at)}" y2="${y((top / lines) * at)}"></line>`)}
${steps.map(({ value, title, href }, at) => {
  const length = value === 0 ? 0 : Math.max(1, (value / top) * 100);
  const bar = html`<rect class="${color}" x="${percent((at + gap) * width)}" y="${percent(100 - length)}" width="${percent(width * (1 - 2 * gap))}" height="${percent(length)}"></rect>`;
  return html`<a href="${href}" tabindex="-1"><title>${title}</title><rect class="hit" x="${percent(at * width)}" width="${percent(width)}" height="100%"></rect>${length === 0 ? '' : bar}</a>`;
})}</svg>
${names.length === 0 ? '' : html`<svg class="chart__x" height="16" aria-hidden="true">${names.map(([at, name]) => html`<text x="${percent((at + 0.5) * width)}" y="12" text-anchor="${at === 0 ? 'start' : at === steps.length - 1 ? 'end' : 'middle'}">${name}</text>`)}</svg>`}</div>`;
}

/** A line of the last values, as a sign of their course. */
export function spark(values: readonly number[], kind = ''): Fragment {
  if (values.length < 2) return html``;
  const highest = Math.max(1, ...values);
  const points = values.map(
    (value, at) => `${((at / (values.length - 1)) * 100).toFixed(1)} ${(26 - (value / highest) * 22).toFixed(1)}`,
  );
  const line = `M${points.join(' L')}`;
  return html`<svg class="spark${kind}" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true"><path class="area" d="${line} L100 28 L0 28Z"></path><path d="${line}"></path></svg>`;
}

/** A part of a whole, with its color. */
export interface Part {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly color: string;
}

/** A part that is so many bytes. */
export function bytesPart(name: string, bytes: bigint, color: string): Part {
  return { name, value: Number(bytes), text: bytesText(bytes), color };
}

/** Parts of a whole beside each other. */
export function stackedBar(parts: readonly Part[], size = ''): Fragment {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  let x = 0;
  const label = parts.slice(0, 20).map(({ name, text }) => `${name}: ${text}`);
  return html`<svg class="bar${size}" role="img" aria-label="${label.join('; ')}">${parts.map(
    ({ name, value, text, color }) => {
      const width = total === 0 ? 0 : (value / total) * 100;
      const part = html`<g><title>${name}: ${text}</title><rect class="${color}" x="${percent(x)}" width="${percent(width)}" height="100%"></rect></g>`;
      x += width;
      return part;
    },
  )}</svg>`;
}

/** The names, colors and numbers of parts. */
export function legend(parts: readonly Part[]): Fragment {
  return html`<ul class="legend">${parts.map(({ name, text, color }) => html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${color}" width="10" height="10" rx="2"></rect></svg><span>${name}</span><b>${text}</b></li>`)}</ul>`;
}

/** A round number at or above the highest value, so that the lines below it are round, too. */
export function scaleTop(highest: number, lines: number): number {
  const power = 10 ** Math.floor(Math.log10(highest / lines));
  const step = [1, 2, 4, 5, 8, 10].map((factor) => factor * power).find((one) => one * lines >= highest);
  return (step ?? highest) * lines;
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}
