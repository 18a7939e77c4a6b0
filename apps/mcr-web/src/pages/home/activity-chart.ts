import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { ActivityDay } from '@mcr/rpc/mcr/v1/audit_pb';
import { html } from 'hono/html';
import { count } from '../../ui/format.ts';
import type { Fragment } from '../../ui/page.ts';

const height = 56;
const dayWidth = 10;
const barWidth = 8;

const series = [
  { key: 'pushes', name: 'Pushes' },
  { key: 'pulls', name: 'Pulls' },
  { key: 'denials', name: 'Denied' },
] as const;

/** The activity of each day, as three small charts and as a table. */
export function activityChart(days: readonly ActivityDay[]): Fragment {
  return html`<section aria-labelledby="activity"><h2 id="activity">Last ${days.length} days</h2>
<div class="charts">${series.map(({ key, name }) => chart(name, key, days))}</div>
<details><summary>Show as numbers</summary><table class="plain"><thead><tr><th scope="col">Day (UTC)</th>
${series.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead><tbody>
${days.toReversed().map((day) => html`<tr><td>${dayName(day)}</td>${series.map(({ key }) => html`<td class="number">${count(day[key])}</td>`)}</tr>`)}
</tbody></table></details></section>`;
}

function chart(name: string, key: (typeof series)[number]['key'], days: readonly ActivityDay[]): Fragment {
  const values = days.map((day) => Number(day[key]));
  const highest = Math.max(1, ...values);
  const total = values.reduce((sum, value) => sum + value, 0);
  const label = `${name}: ${count(total)} in ${days.length} days, at most ${count(Math.max(0, ...values))} on one`;
  return html`<figure class="chart ${key}"><figcaption>${name} <strong>${count(total)}</strong></figcaption>
<svg role="img" viewBox="0 0 ${days.length * dayWidth} ${height}" preserveAspectRatio="none"><title>${label}</title>
${values.map((value, at) => {
  const length = value === 0 ? 1 : Math.max(2, Math.round((value / highest) * height));
  return html`<rect x="${at * dayWidth}" y="${height - length}" width="${barWidth}" height="${length}"${value === 0 ? html` class="none"` : ''}></rect>`;
})}
</svg></figure>`;
}

function dayName({ start }: ActivityDay): string {
  return start === undefined ? '' : timestampDate(start).toISOString().slice(0, 10);
}
