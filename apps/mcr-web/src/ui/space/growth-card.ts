import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { DescribeStorageResponse, StorageSample } from '@mcr/rpc/mcr/v1/admin_pb';
import { html } from 'hono/html';
import { areaChart, type Point } from '../area-chart.ts';
import { card } from '../card.ts';
import { drawnOnce } from '../drawn-once.ts';
import { bytesText, counted } from '../format.ts';
import { icon } from '../icons.ts';
import { head, table } from '../lists.ts';
import type { Fragment } from '../page.ts';

const dayMs = 86_400_000;
const daysShown = 90;
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
/** Below this share of the size, a line for the size would press the course flat. */
const nearLimit = 0.4;
const short = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const long = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** The day on which the disk is full, such as `14 February 2027`; `undefined` while none is in sight. */
export function fullDay({ growth }: DescribeStorageResponse): string | undefined {
  return growth?.fullAt === undefined ? undefined : long.format(timestampMs(growth.fullAt));
}

/** How what is in use grew in 90 days, how it goes on, and the same as numbers. */
export const growthCard = drawnOnce((storage: DescribeStorageResponse) => {
  const { samples } = storage;
  const unit = unitOf(storage);
  const text = storage.fileSystem === undefined ? 'stored' : 'in use';
  return card(
    'growth',
    'Growth',
    html`<div class="card__body">${samples.length < 2 ? '' : chart(storage, unit)}<p class="${samples.length < 2 ? '' : 'chart__lbl'}">${sentence(storage)}</p>
<details class="more"><summary>${icon('chevron-right', 'sm')}As numbers</summary>${numbers(storage)}</details></div>`,
    `${units[unit]} ${text}, ${daysShown} days back${ahead(storage) > 0 ? ' and ahead' : ''}`,
  );
});

/** What the growth means, in words. */
function sentence(storage: DescribeStorageResponse): Fragment {
  const { growth, fileSystem } = storage;
  const rate = bytesText(growth?.bytesPerDay === undefined ? 0n : abs(growth.bytesPerDay));
  if (growth === undefined || growth.state === 'unknown') {
    const days = growth?.daysMissing ?? 0;
    return html`Says how it goes on once there are samples of 7 days: in ${counted(days, 'day')}.`;
  }
  if (growth.state === 'steady') return html`About as much as 30 days ago.`;
  if (growth.state === 'shrinking') return html`${rate} a day less, in the last 30 days.`;
  const more = html`${rate} a day more, in the last 30 days.`;
  const day = fullDay(storage);
  if (day !== undefined) return html`${more} At this rate pushes are rejected from <b>${day}</b> on.`;
  return fileSystem === undefined ? more : html`${more} At this rate there is room for more than ten years.`;
}

function chart(storage: DescribeStorageResponse, unit: number): Fragment {
  const { samples, growth, fileSystem } = storage;
  const scale = 1024 ** unit;
  const points = samples.map((sample) => ({
    at: dayOf(sample),
    value: bytesIn(sample) / scale,
    title: `${short.format(dayOf(sample) * dayMs)}: ${bytesText(bytesIn(sample))}`,
  }));
  const last = points.at(-1)!;
  const today = last.at;
  const days = ahead(storage);
  const next: Point | undefined =
    days === 0 ? undefined : { at: today + days, value: last.value + (days * Number(growth?.bytesPerDay)) / scale };
  const room = fileSystem === undefined ? undefined : Number(fileSystem.used + fileSystem.free - fileSystem.minFree);
  const highest = Math.max(...points.map(({ value }) => value), next?.value ?? 0);
  const isNear = room !== undefined && highest >= (room / scale) * nearLimit;
  const full = growth?.fullAt === undefined ? undefined : timestampMs(growth.fullAt) / dayMs;
  const isShown = isNear && full !== undefined && days > 0 && full <= today + days;
  const first = today - daysShown + 1;
  const end = today + days;
  return areaChart({
    label: `From ${bytesText(bytesIn(samples[0]!))} on ${long.format(points[0]!.at * dayMs)} to ${bytesText(bytesIn(samples.at(-1)!))} today${full === undefined ? '' : `, full on ${fullDay(storage)} at this rate`}`,
    from: first,
    to: end,
    points,
    ...(next && { next }),
    ...(isNear && { limit: { value: room / scale, name: `Room for ${bytesText(room)}` } }),
    ...(isShown && { reached: { at: full, title: `Full on ${fullDay(storage)} at this rate` } }),
    names: [
      [first, short.format(first * dayMs)],
      [today, 'Today'],
      ...(isShown && full - today > daysShown / 4
        ? [[full, short.format(full * dayMs)] as const]
        : days > 0
          ? [[end, short.format(end * dayMs)] as const]
          : []),
    ],
  });
}

function numbers({ samples, fileSystem }: DescribeStorageResponse): Fragment {
  const rows = samples.toReversed().map((sample) => {
    const cell = (label: string, bytes: bigint, classes = '') =>
      html`<td role="cell" class="num${classes}" data-label="${label}">${bytesText(bytes)}</td>`;
    const used = fileSystem === undefined ? '' : cell('In use', sample.usedBytes ?? 0n, ' end');
    return html`<tr role="row"><td role="cell" class="name">${new Date(dayOf(sample) * dayMs).toISOString().slice(0, 10)}</td>${cell('Stored', sample.storedBytes, fileSystem === undefined ? ' end' : '')}${used}</tr>`;
  });
  const heads = [
    head('Day (UTC)'),
    head('Stored', 'num'),
    ...(fileSystem === undefined ? [] : [head('In use on the disk', 'num end')]),
  ];
  return table('', heads, html`${rows}`);
}

/** Days ahead that are drawn: none while there is nothing to expect. */
function ahead({ growth }: DescribeStorageResponse): number {
  return growth?.state === 'growing' ? daysShown : 0;
}

function bytesIn({ usedBytes, storedBytes }: StorageSample): number {
  return Number(usedBytes ?? storedBytes);
}

function dayOf({ start }: StorageSample): number {
  return start === undefined ? 0 : Math.floor(timestampMs(start) / dayMs);
}

/** The unit in which the scale has no more than four digits. */
function unitOf({ samples }: DescribeStorageResponse): number {
  const highest = Math.max(1, ...samples.map(bytesIn));
  return Math.min(units.length - 1, Math.floor(Math.log2(highest) / 10));
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
