import { formatNumber } from './format.ts';
import type { Row } from './summary.ts';

const size = { width: 360, height: 170 };
const frame = { left: 10, right: 350, top: 30, bottom: 140 };

/** How one metric of one workload goes from the first contender to the last; the axis begins at 0. */
export function lineChart({ workload, metric, values }: Row): string {
  const points = [...values].map(([name, { median }]) => ({ name, median }));
  const largest = Math.max(...points.map(({ median }) => median));
  const step = (frame.right - frame.left - 60) / Math.max(1, points.length - 1);
  const at = points.map(({ name, median }, i) => ({
    name,
    median,
    x: frame.left + 30 + i * step,
    y: frame.bottom - (median / largest) * (frame.bottom - frame.top),
  }));
  const line = at.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const labels = at.map(({ name, median, x, y }) => [
    `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" class="c0"/>`,
    svgText(x, y - 8, formatNumber(median), 'middle value'),
    svgText(x, frame.bottom + 16, name, 'middle'),
  ]);
  return `<figure class="small"><figcaption>${escaped(`${workload}: ${metric}`)}</figcaption>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escaped(workload)}">
<path d="M${frame.left} ${frame.bottom}H${frame.right}" class="axis"/><polyline points="${line}" class="line"/>
${labels.flat().join('')}</svg></figure>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it stands in HTML and SVG. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** An SVG text; `place` is how it is anchored and styled. */
export function svgText(x: number, y: number, text: string, place = ''): string {
  return `<text x="${x}" y="${y}" class="${place}">${escaped(text)}</text>`;
}
