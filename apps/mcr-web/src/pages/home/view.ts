import type { GetStatisticsResponse, GetStorageUsageResponse, Snapshot } from '@mcr/rpc/mcr/v1/admin_pb';
import type { ActivityDay, AuditEvent } from '@mcr/rpc/mcr/v1/audit_pb';
import type { GetGCStatusResponse, Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import type { Fragment, Page } from '../../layout.ts';
import { barList } from '../../ui/bars.ts';
import { age, bytesText, count, size } from '../../ui/format.ts';
import { badge, breakable, digest } from '../../ui/fragments.ts';
import { manifestPath, repositoryPath } from '../../ui/links.ts';
import { activityChart } from './activity-chart.ts';
import { commandBlocks } from './commands.ts';

/** What only admins see. */
export interface Operation {
  readonly statistics: GetStatisticsResponse;
  readonly usage: GetStorageUsageResponse;
  readonly pushes: readonly AuditEvent[];
  readonly activity: readonly ActivityDay[];
  readonly gc: GetGCStatusResponse;
  /** The newest copy of the database. */
  readonly snapshot: Snapshot | undefined;
}

/** What the page shows. */
export interface HomeProps {
  /** What container clients call the registry. */
  readonly name: string;
  /** Version of the registry's server. */
  readonly version: string;
  readonly recent: readonly Repository[];
  readonly largest: readonly Repository[];
  readonly operation: Operation | undefined;
  readonly now: number;
}

/** The front page of a registry that answers. */
export function homeView(props: HomeProps): Page {
  const { name, version, recent, largest, operation, now } = props;
  const content = html`<h1>${name}</h1>
${operation === undefined ? html`<p>${badge('ok', 'running')} mcrsrv ${version}</p>` : status(props, operation)}
${operation === undefined ? '' : figures(operation)}
${recent.length === 0 ? html`<p>Nothing is stored yet. One of these commands changes that.</p>` : ''}
<div class="columns">
${operation === undefined || recent.length === 0 ? recentList(recent, now) : pushList(operation.pushes, now)}
${
  largest.length === 0
    ? ''
    : html`<section aria-labelledby="largest"><h2 id="largest">Largest repositories</h2>
${barList(largest.map((it) => ({ href: repositoryPath(it.name), name: it.name, bytes: it.totalSize })))}</section>`
}
</div>
${operation === undefined ? '' : activityChart(operation.activity)}
${recent.length === 0 ? commands(name) : html`<details class="commands"><summary>How to push and pull</summary>${commands(name)}</details>`}`;
  return { title: name, command: `mcrctl status --server https://${name}`, content };
}

function status({ version, now }: HomeProps, { gc, snapshot }: Operation): Fragment {
  const last = gc.lastRun;
  const collection = gc.running
    ? html`${badge('info', 'collecting')} garbage collection is running`
    : last === undefined
      ? html`garbage was never collected`
      : last.state === 'failed'
        ? html`${badge('bad', 'failed')} garbage collection ${age(last.completedAt, now)}`
        : html`garbage collected ${age(last.completedAt, now)}`;
  return html`<p>${badge('ok', 'running')} mcrsrv ${version}, <a href="/storage">${collection}</a>,
<a href="/storage#snapshots">${snapshot === undefined ? html`${badge('warn', 'no snapshot')} the database was never copied` : html`last snapshot ${age(snapshot.createdAt, now)}`}</a></p>`;
}

function figures({ statistics, usage }: Operation): Fragment {
  const saved = usage.referencedBytes > statistics.blobBytes ? usage.referencedBytes - statistics.blobBytes : 0n;
  return html`<dl class="figures">
<div><dt>Repositories</dt><dd><a href="/repositories">${count(statistics.repositories)}</a></dd></div>
<div><dt>Tags</dt><dd>${count(statistics.tags)}</dd></div>
<div><dt>Manifests</dt><dd>${count(statistics.manifests)}</dd></div>
<div><dt>Stored</dt><dd>${size(statistics.blobBytes)}</dd><dd class="muted">${bytesText(saved)} saved by sharing</dd></div>
</dl>`;
}

function recentList(recent: readonly Repository[], now: number): Fragment {
  if (recent.length === 0) return html``;
  return html`<section aria-labelledby="recent"><h2 id="recent">Last pushes</h2><table class="plain"><thead><tr><th scope="col">Repository</th><th scope="col" class="number">Pushed</th></tr></thead><tbody>
${recent.map((it) => html`<tr><td><a href="${repositoryPath(it.name)}">${breakable(it.name)}</a></td><td class="number">${age(it.lastPushAt, now)}</td></tr>`)}
</tbody></table></section>`;
}

function pushList(events: readonly AuditEvent[], now: number): Fragment {
  return html`<section aria-labelledby="recent"><h2 id="recent">Last pushes</h2><table class="wide"><thead><tr><th scope="col">What</th><th scope="col">Digest</th><th scope="col">By</th><th scope="col" class="number">When</th></tr></thead><tbody>
${events.map((event) => {
  const { repository = '', digest: value = '', details } = event;
  const tag = details['tag'];
  return html`<tr><td><a href="${repositoryPath(repository)}">${breakable(tag === undefined ? repository : `${repository}:${tag}`)}</a></td>
<td data-label="Digest">${digest(value, manifestPath(repository, value))}</td><td data-label="By">${event.actor?.name ?? ''}</td><td class="number" data-label="When">${age(event.at, now)}</td></tr>`;
})}
</tbody></table></section>`;
}

function commands(name: string): Fragment {
  return html`${commandBlocks(name).map(
    ({ id, title, text, commands: lines }) => html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<p>${text}</p>
<pre tabindex="0" aria-labelledby="${id}"><code>${lines.join('\n')}</code></pre>
</section>
`,
  )}`;
}
