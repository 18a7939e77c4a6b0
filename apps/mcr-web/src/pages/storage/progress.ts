import type { GCRun, GetGCStatusResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { age, count, counted, size } from '../../ui/format.ts';
import { badge } from '../../ui/fragments.ts';
import type { Fragment } from '../../ui/page.ts';

/** The progress of garbage collection; while it runs, this part of the page follows it. */
export function progress(status: GetGCStatusResponse, now: number): Fragment {
  if (!status.running) return whole('live', last(status.lastRun, now));
  return html`<div id="progress" hx-get="/storage/progress" hx-trigger="live, ${again}" hx-swap="outerHTML">${current(status.currentRun)}</div>`;
}

/** The same for a page that saw it run: at the end, it reloads the list of runs and the buttons. */
export function nextProgress(status: GetGCStatusResponse, now: number): Fragment {
  if (status.running) return progress(status, now);
  return whole(`load, ${again}`, last(status.lastRun, now));
}

/** Reloads the whole section, with its buttons and the list of runs. */
function whole(trigger: string, content: Fragment): Fragment {
  return html`<div id="progress" hx-get="/storage" hx-trigger="${trigger}" hx-target="#collection" hx-select="#collection" hx-swap="outerHTML">${content}</div>`;
}

/** Without a stream, and after a failed request. */
const again = 'every 10s, visibilitychange from:document';

function current(run: GCRun | undefined): Fragment {
  const bar = html`<progress aria-label="Garbage collection"></progress>`;
  if (run === undefined) return html`<p>${badge('info', 'running')}</p>${bar}`;
  const { examined, blobsRemoved, bytesFreed, reconcile } = run;
  return html`<p>${badge('info', reconcile ? 'reconciling' : 'running')} ${count(examined)} examined, ${counted(blobsRemoved, 'blob')} removed, ${size(bytesFreed)} freed so far</p>${bar}`;
}

function last(run: GCRun | undefined, now: number): Fragment {
  if (run === undefined) return html`<p>${badge('neutral', 'idle')} It has not run yet.</p>`;
  if (run.state === 'failed')
    return html`<p>${badge('bad', 'failed')} ${age(run.completedAt, now)}: ${run.error ?? 'see the log of mcrsrv'}</p>`;
  return html`<p>${badge('neutral', 'completed')} ${age(run.completedAt, now)}: ${counted(run.blobsRemoved, 'blob')} removed, ${size(run.bytesFreed)} freed</p>`;
}
