import type { DescribeStorageResponse, GetStatisticsResponse, GetStorageUsageResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import { html } from 'hono/html';
import { card } from '../card.ts';
import { bytesPart, stackedBar } from '../chart.ts';
import { bytesText, counted, size } from '../format.ts';
import { icon } from '../icons.ts';
import { head, table } from '../lists.ts';
import type { Fragment } from '../page.ts';
import { type ShownPart, shownParts } from './parts.ts';

const whole = new Intl.NumberFormat('en-US');

/** What fills the disk or the bucket: a bar, its parts with a page for each, and the same as numbers, with their sum. */
export function diskCard(storage: DescribeStorageResponse, saved: bigint, aside: Fragment | string = ''): Fragment {
  const { fileSystem, totalBytes, quarantinedBlobs } = storage;
  const parts = shownParts(storage);
  const title = fileSystem === undefined ? 'Bucket' : 'Disk';
  const figure =
    fileSystem === undefined
      ? size(totalBytes)
      : html`${size(fileSystem.used)} <small>of ${bytesText(fileSystem.size)}</small>`;
  return card(
    'space',
    title,
    html`<div class="card__body"><p class="stat__v">${figure}</p><p class="stat__n">${bytesText(saved)} saved by sharing layers${fileSystem === undefined ? '. A bucket does not say how much more it can take' : ''}</p>
${bar(parts.filter(({ bytes }) => bytes !== 0n))}
${quarantinedBlobs === 0 ? '' : html`<p class="stat__n"><a href="/audit?type=blob_quarantined">${counted(quarantinedBlobs, 'blob')} in quarantine</a>, counted above: damaged, or gone. Push the images again.</p>`}
<details class="more"><summary>${icon('chevron-right', 'sm')}As numbers</summary>${numbers(parts, totalBytes, fileSystem !== undefined)}</details></div>`,
    aside,
  );
}

/** Nothing for a bucket in which there is nothing. */
function bar(parts: readonly ShownPart[]): Fragment {
  if (parts.length === 0) return html``;
  const drawn = parts.filter(({ bytes }) => bytes > 0n);
  return html`<div class="disk">${stackedBar(drawn.map(({ name, bytes, color }) => bytesPart(name, bytes, color)))}
<ul class="legend">${parts.map(legendItem)}</ul></div>`;
}

function legendItem({ name, bytes, color, href }: ShownPart): Fragment {
  const text = href === undefined ? html`<span>${name}</span>` : html`<a href="${href}">${name}</a>`;
  return html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${color}" width="10" height="10" rx="2"></rect></svg>${text}<b>${signed(bytes)}</b></li>`;
}

function numbers(parts: readonly ShownPart[], total: bigint, isDisk: boolean): Fragment {
  const row = (name: string, bytes: bigint) =>
    html`<tr role="row"><td role="cell" class="name">${name}</td><td role="cell" class="num end" data-label="Bytes">${whole.format(bytes)}</td></tr>`;
  const rows = [
    ...parts.map(({ name, bytes }) => row(name, bytes)),
    row(isDisk ? 'Size of the file system' : 'Stored in all', total),
  ];
  return table('', [head('Part'), head('Bytes', 'num end')], html`${rows}`);
}

function signed(bytes: bigint): string {
  return bytes < 0n ? `−${bytesText(-bytes)}` : bytesText(bytes);
}

/** Bytes that would be stored beside these if repositories shared none. */
export function savedBytes(
  { referencedBytes }: Pick<GetStorageUsageResponse, 'referencedBytes'>,
  { blobBytes }: Pick<GetStatisticsResponse, 'blobBytes'>,
): bigint {
  return referencedBytes > blobBytes ? referencedBytes - blobBytes : 0n;
}
