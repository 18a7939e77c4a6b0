import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { DescribeStorageResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import { html } from 'hono/html';
import { bytesText, counted } from '../format.ts';
import { notice } from '../fragments.ts';
import type { Fragment } from '../page.ts';
import { fullDay } from './growth-card.ts';
import { bytesOf } from './parts.ts';

const dayMs = 86_400_000;
/** There is time enough for what is farther away. */
const soonDays = 90;

/** A warning when the disk is full, or soon will be, by the day of the newest sample; nothing otherwise. */
export function fullNotice(storage: DescribeStorageResponse): Fragment | undefined {
  const { fileSystem, growth, samples } = storage;
  if (fileSystem === undefined) return undefined;
  const waiting = bytesOf(storage, 'waiting');
  const freed = waiting === 0n ? '' : ` ${bytesText(waiting)} wait for garbage collection.`;
  const link = html`<a class="link nowrap" href="/storage#repositories">See what fills it</a>`;
  if (fileSystem.free <= fileSystem.minFree) {
    return notice(
      'bad',
      'hard-drive',
      html`<b>The disk is full: pushes are rejected.</b> ${bytesText(fileSystem.free)} are free.${freed}`,
      link,
    );
  }
  const today = samples.at(-1)?.start;
  if (growth?.fullAt === undefined || today === undefined) return undefined;
  const days = Math.floor((timestampMs(growth.fullAt) - timestampMs(today)) / dayMs);
  if (days > soonDays) return undefined;
  const text = html`<b>The disk is full around ${fullDay(storage)}.</b> That is ${counted(days, 'day')} at the present growth.${freed}`;
  return notice('warn', 'hard-drive', text, link);
}

/** The same as a section of its own. */
export function spaceNotice(storage: DescribeStorageResponse): Fragment {
  const full = fullNotice(storage);
  return full === undefined ? html`` : html`<section class="card" aria-label="Needs attention">${full}</section>`;
}
