import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { ActivityDay } from '@mcr/rpc/mcr/v1/audit_pb';
import { html } from 'hono/html';
import { card } from '../../ui/card.ts';
import { barChart } from '../../ui/chart.ts';
import { drawnOnce } from '../../ui/drawn-once.ts';
import { count } from '../../ui/format.ts';
import { icon } from '../../ui/icons.ts';
import { head, table } from '../../ui/lists.ts';
import type { Fragment } from '../../ui/page.ts';

const series = [
  { key: 'pulls', name: 'Pulls', type: 'manifest_pulled', height: 132, lines: 3, color: 'c2' },
  { key: 'pushes', name: 'Pushes', type: 'manifest_pushed', height: 56, lines: 1, color: 'c2' },
  { key: 'denials', name: 'Denied', type: 'policy_deny', height: 40, lines: 1, color: 'cbad' },
] as const;

const week = 7;

/** The activity of each day, as charts and as numbers. */
export const activityChart = drawnOnce((days: readonly ActivityDay[]) => {
  if (days.length === 0) return html``;
  return card(
    'activity',
    'Activity',
    html`<div class="card__body">${series.map((one) => chart(one, days))}
<details class="more"><summary>${icon('chevron-right', 'sm')}As numbers</summary>${numbers(days)}</details></div>`,
    `Last ${days.length} days, UTC`,
  );
});

function chart({ key, name, type, ...look }: (typeof series)[number], days: readonly ActivityDay[]): Fragment {
  const values = days.map((day) => Number(day[key]));
  const total = values.reduce((sum, value) => sum + value, 0);
  const last = days.length - 1;
  return html`<p class="chart__lbl">${name}</p>${barChart({
    ...look,
    label: `${name}: ${count(total)} in ${days.length} days, at most ${count(Math.max(0, ...values))} on one`,
    steps: days.map((day, at) => ({
      value: values[at] ?? 0,
      title: `${dayName(day)}: ${count(day.pulls)} pulls, ${count(day.pushes)} pushes, ${count(day.denials)} denied`,
      href: `/audit?type=${type}&from=${isoDay(day)}&to=${isoDay(day)}`,
    })),
    names:
      key === 'denials'
        ? days.flatMap((day, at) =>
            at === last
              ? [[at, 'Today'] as const]
              : at % week === 0 && at < last - 2
                ? [[at, dayName(day)] as const]
                : [],
          )
        : [],
  })}`;
}

function numbers(days: readonly ActivityDay[]): Fragment {
  const rows = days
    .toReversed()
    .map(
      (day) =>
        html`<tr role="row"><td role="cell" class="name">${isoDay(day)}</td>${series.map(({ key, name }) => html`<td role="cell" class="num" data-label="${name}">${count(day[key])}</td>`)}</tr>`,
    );
  return table('', [head('Day (UTC)'), ...series.map(({ name }) => head(name, 'num'))], html`${rows}`);
}

const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function dayName({ start }: ActivityDay): string {
  return start === undefined ? '' : format.format(timestampDate(start));
}

function isoDay({ start }: ActivityDay): string {
  return start === undefined ? '' : timestampDate(start).toISOString().slice(0, 10);
}
