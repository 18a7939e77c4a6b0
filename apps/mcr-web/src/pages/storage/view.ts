import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { GetStatisticsResponse, GetStorageUsageResponse, ListSnapshotsResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import type { GCRun, GetGCStatusResponse, ListGCRunsResponse, PendingGarbage } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { mcrctl } from '../../ui/commands.ts';
import { age, count, counted, moment, size } from '../../ui/format.ts';
import { csrfField } from '../../ui/forms.ts';
import { badge, copyLine, empty, pager } from '../../ui/fragments.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { progress } from './progress.ts';

/** Properties of the page. */
export interface StorageProps {
  readonly csrf: string;
  readonly status: GetGCStatusResponse;
  readonly url: URL;
  readonly runs: ListGCRunsResponse;
  readonly snapshots: ListSnapshotsResponse;
  readonly usage: GetStorageUsageResponse;
  readonly statistics: GetStatisticsResponse;
  readonly now: number;
}

/** Usage, garbage collection, and copies of the database. */
export function storageView(props: StorageProps): Page {
  const { status, usage, statistics } = props;
  const saved = usage.referencedBytes > statistics.blobBytes ? usage.referencedBytes - statistics.blobBytes : 0n;
  const content = html`<h1>Storage</h1>
<dl class="figures">
<div><dt>Stored</dt><dd>${size(statistics.blobBytes)}</dd><dd class="muted">${counted(statistics.blobs, 'blob')}, each counted once</dd></div>
<div><dt>Saved by sharing</dt><dd>${size(saved)}</dd><dd class="muted">repositories reference ${size(usage.referencedBytes)}</dd></div>
<div><dt>Uploads in progress</dt><dd>${count(statistics.uploads)}</dd></div>
</dl>
${collection(props)}
${snapshotSection(props)}`;
  return {
    title: status.running ? '(…) Storage' : 'Storage',
    command: mcrctl('gc', 'status'),
    ...(status.running && { refreshSeconds: 2 }),
    content,
  };
}

function collection({ csrf, status, url, runs, now }: StorageProps): Fragment {
  const { running } = status;
  return html`<section id="collection" aria-labelledby="gc"><h2 id="gc">Garbage collection</h2>
<p>Removes unreferenced layers after a grace period. Pushes and pulls continue meanwhile.</p>
<div role="status">${progress(status, now)}</div>
${waiting(status, now)}
<form method="post" action="/storage/collect" class="actions">${csrfField(csrf)}
<button class="primary" name="reconcile" value="false"${running ? html` disabled` : ''}>Run now</button>
<button name="reconcile" value="true"${running ? html` disabled` : ''}>Reconcile</button>
<span class="hint">Reconcile also compares every stored file with the database, which takes longer.</span></form>
<h3>Past runs</h3>
${runs.runs.length === 0 ? empty('No runs yet.', 'mcrctl gc') : runTable(runs.runs, now)}
${pager(url, runs.nextPageToken)}</section>`;
}

/** What waits, its size, and when it can be removed: without it, a run that removes nothing looks broken. */
function waiting({ pending, nextRunAt }: GetGCStatusResponse, now: number): Fragment {
  if (pending === undefined) return html``;
  const next = nextRunAt === undefined ? html`when you run it` : moment(nextRunAt);
  return html`<dl class="figures">
<div><dt>Waiting for collection</dt><dd>${size(pending.bytes)}</dd><dd class="muted">${counted(pending.blobs, 'blob')}</dd></div>
${pending.blobs === 0 ? '' : html`<div><dt>Removable</dt>${whenRemovable(pending, now)}</div>`}
<div><dt>Next run</dt><dd>${next}</dd></div>
</dl>`;
}

function whenRemovable({ firstDueAt, lastDueAt }: PendingGarbage, now: number): Fragment {
  if (firstDueAt === undefined || lastDueAt === undefined || timestampMs(lastDueAt) <= now) return html`<dd>now</dd>`;
  const first = timestampMs(firstDueAt) <= now ? html`from now on` : html`from ${moment(firstDueAt)}`;
  return html`<dd>${first}</dd><dd class="muted">the last at ${moment(lastDueAt)}</dd>`;
}

function runTable(runs: readonly GCRun[], now: number): Fragment {
  return html`<table class="wide"><thead><tr><th scope="col">Started</th><th scope="col">By</th><th scope="col">Kind</th><th scope="col">State</th><th scope="col" class="number">Took</th><th scope="col" class="number">Blobs removed</th><th scope="col" class="number">Freed</th><th scope="col" class="number">Unowned files</th><th scope="col" class="number">Files missing</th></tr></thead><tbody>
${runs.map(
  (run) =>
    html`<tr><td>${age(run.startedAt, now)}</td><td data-label="By">${run.trigger}</td><td data-label="Kind">${run.reconcile ? 'reconcile' : 'collect'}</td><td data-label="State">${state(run)}</td><td class="number" data-label="Took">${took(run)}</td><td class="number" data-label="Blobs removed">${count(run.blobsRemoved)}</td><td class="number" data-label="Freed">${size(run.bytesFreed)}</td><td class="number" data-label="Unowned files">${count(run.orphansRemoved)}</td><td class="number" data-label="Files missing">${run.missingFiles > 0 ? badge('bad', count(run.missingFiles)) : '0'}</td></tr>`,
)}
</tbody></table>`;
}

function state({ state: value, error }: GCRun): Fragment {
  if (value === 'failed') return html`${badge('bad', 'failed')} ${error ?? ''}`;
  return badge(value === 'running' ? 'info' : 'ok', value);
}

function took({ startedAt, completedAt }: GCRun): string {
  if (startedAt === undefined || completedAt === undefined) return '';
  return `${((timestampMs(completedAt) - timestampMs(startedAt)) / 1000).toFixed(1)} s`;
}

function snapshotSection({ csrf, snapshots: list, now }: StorageProps): Fragment {
  const { snapshots, nextPageToken } = list;
  return html`<section aria-labelledby="snapshots"><h2 id="snapshots">Snapshots</h2>
<p>Consistent copies of the database on the server. Copy the layers as well to have a full backup.</p>
<form method="post" action="/storage/snapshots" class="actions">${csrfField(csrf)}<button>Take a snapshot</button></form>
${
  snapshots.length === 0
    ? empty('No snapshots yet.', 'mcrctl snapshot create')
    : html`<table class="wide"><thead><tr><th scope="col">Name</th><th scope="col" class="number">Size</th><th scope="col" class="number">Taken</th></tr></thead><tbody>
${snapshots.map(({ name, size: bytes, createdAt }) => html`<tr><td><code>${name}</code></td><td class="number" data-label="Size">${size(bytes)}</td><td class="number" data-label="Taken">${age(createdAt, now)}</td></tr>`)}
</tbody></table>`
}
${nextPageToken === '' ? '' : html`<p>These are the newest ${snapshots.length}. To list all: ${copyLine(mcrctl('snapshot', 'list'), 'command that lists all')}</p>`}</section>`;
}
