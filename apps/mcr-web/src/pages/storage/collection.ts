import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { GCRun, GetGCStatusResponse, PendingGarbage } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { age, count, counted, moment, size } from '../../ui/format.ts';
import { csrfField } from '../../ui/forms.ts';
import { badge, empty } from '../../ui/fragments.ts';
import { head, pager, table } from '../../ui/lists.ts';
import type { Fragment } from '../../ui/page.ts';
import { progress } from './progress.ts';
import type { StorageProps } from './props.ts';

/** Garbage collection: its progress, what waits for it, and its past runs. */
export function collection({ csrf, status, url, runs, now }: StorageProps): Fragment {
  const { running } = status;
  return html`<section id="collection" class="card" aria-labelledby="gc"><div class="card__head"><h2 id="gc">Garbage collection</h2></div>
<div class="card__body"><p>Removes unreferenced layers after a grace period. Pushes and pulls continue meanwhile.</p>
<div role="status" class="gc-state">${progress(status, now)}</div>
${waiting(status, now)}</div>
<form method="post" action="/storage/collect" class="card__acts">${csrfField(csrf)}
<button class="btn btn--primary" name="reconcile" value="false"${running ? html` disabled` : ''}>Run now</button>
<button class="btn" name="reconcile" value="true"${running ? html` disabled` : ''}>Reconcile</button>
<span>Reconcile also compares every stored file with the database, which takes longer.</span></form>
<div class="card__head card__head--line"><h3>Past runs</h3></div>
${runs.runs.length === 0 ? empty('No runs yet', '', 'mcrctl gc') : runTable(runs.runs, now)}
<div class="below below--in">${pager(url, runs.nextPageToken)}</div></section>`;
}

/** What waits, its size, and when it can be removed: without it, a run that removes nothing looks broken. */
function waiting({ pending, nextRunAt }: GetGCStatusResponse, now: number): Fragment {
  if (pending === undefined) return html``;
  const next = nextRunAt === undefined ? html`when you run it` : moment(nextRunAt);
  return html`<dl class="kv">
<dt>Waiting for collection</dt> <dd><b>${size(pending.bytes)}</b> <span class="muted">${counted(pending.blobs, 'blob')}</span></dd>
${pending.blobs === 0 ? '' : html`<dt>Removable</dt> <dd>${whenRemovable(pending, now)}</dd>`}
<dt>Next run</dt> <dd>${next}</dd>
</dl>`;
}

function whenRemovable({ firstDueAt, lastDueAt }: PendingGarbage, now: number): Fragment {
  if (firstDueAt === undefined || lastDueAt === undefined || timestampMs(lastDueAt) <= now) return html`now`;
  const first = timestampMs(firstDueAt) <= now ? html`from now on` : html`from ${moment(firstDueAt)}`;
  return html`${first} <span class="muted">the last at ${moment(lastDueAt)}</span>`;
}

function runTable(runs: readonly GCRun[], now: number): Fragment {
  const heads = [
    head('Started'),
    head('By'),
    head('Kind'),
    head('State'),
    head('Took', 'num'),
    head('Blobs removed', 'num'),
    head('Freed', 'num'),
    head('Unowned files', 'num'),
    head('Files missing', 'num end'),
  ];
  const rows = runs.map((run) => {
    const number = (label: string, value: Fragment | string, classes = '') =>
      html`<td role="cell" class="num${classes}" data-label="${label}">${value}</td>`;
    return html`<tr role="row"><td role="cell" class="name">${age(run.startedAt, now)}</td><td role="cell" data-label="By">${run.trigger}</td><td role="cell">${run.reconcile ? 'reconcile' : 'collect'}</td><td role="cell">${state(run)}</td>${number('Took', took(run))}${number('Blobs removed', count(run.blobsRemoved))}${number('Freed', size(run.bytesFreed))}${number('Unowned files', count(run.orphansRemoved))}${number('Files missing', run.missingFiles > 0 ? badge('bad', count(run.missingFiles)) : '0', ' end')}</tr>
`;
  });
  return table('', heads, html`${rows}`);
}

function state({ state: value, error }: GCRun): Fragment {
  if (value === 'failed') return html`${badge('bad', 'failed')} ${error ?? ''}`;
  return value === 'running' ? badge('info', value) : html`${value}`;
}

function took({ startedAt, completedAt }: GCRun): string {
  if (startedAt === undefined || completedAt === undefined) return '';
  return `${((timestampMs(completedAt) - timestampMs(startedAt)) / 1000).toFixed(1)} s`;
}
