import type { GetStatisticsResponse, GetStorageUsageResponse, Snapshot } from '@mcr/rpc/mcr/v1/admin_pb';
import type { ActivityDay } from '@mcr/rpc/mcr/v1/audit_pb';
import type { GetGCStatusResponse, ListRepositoriesResponse, Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { barList } from '../../ui/bars.ts';
import { mcrctl, option } from '../../ui/commands.ts';
import { age, bytesText, count, size } from '../../ui/format.ts';
import { badge, breakable, digest } from '../../ui/fragments.ts';
import { manifestPath, repositoryPath } from '../../ui/links.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { activityChart } from './activity-chart.ts';
import { commandBlocks } from './commands.ts';
import type { Push } from './pushes.ts';

const listed = 10;

/** The part that only admins see. */
export interface Operation {
  readonly statistics: GetStatisticsResponse;
  readonly usage: GetStorageUsageResponse;
  readonly pushes: readonly Push[];
  readonly activity: readonly ActivityDay[];
  readonly gc: GetGCStatusResponse;
  /** The newest copy of the database. */
  readonly snapshot: Snapshot | undefined;
}

/** Properties of the page. */
export interface HomeProps {
  /** The registry's name for container clients. */
  readonly name: string;
  /** Version of mcrsrv. */
  readonly version: string;
  /** Pushed to last; absent if the user may not list repositories. */
  readonly recent: readonly Repository[] | undefined;
  /** Largest first. */
  readonly largest: ListRepositoriesResponse | undefined;
  readonly operation: Operation | undefined;
  readonly now: number;
}

/** The front page. */
export function homeView(props: HomeProps): Page {
  const { name, version, recent = [], largest, operation, now } = props;
  const bars = largest?.repositories.slice(0, listed) ?? [];
  const content = html`<h1>${name}</h1>
${operation === undefined ? html`<p>${badge('ok', 'running')} mcrsrv ${version}</p>` : status(props, operation)}
${operation === undefined ? visibleFigures(largest) : figures(operation)}
${recent.length === 0 ? nothing(props) : ''}
<div class="columns">
${operation === undefined || recent.length === 0 ? recentList(recent, now) : pushList(operation.pushes, now)}
${
  bars.length === 0
    ? ''
    : html`<section aria-labelledby="largest"><h2 id="largest">Largest repositories</h2>
${barList(bars.map((it) => ({ href: repositoryPath(it.name), name: it.name, bytes: it.totalSize })))}</section>`
}
</div>
${operation === undefined ? '' : activityChart(operation.activity)}
${recent.length === 0 ? commands(name) : html`<details class="commands"><summary>How to push and pull</summary>${commands(name)}</details>`}`;
  return { title: name, command: mcrctl('status', option('server', `https://${name}`)), content };
}

function status({ version, now }: HomeProps, { gc, snapshot }: Operation): Fragment {
  const last = gc.lastRun;
  const collection = gc.running
    ? html`${badge('info', 'collecting')} garbage collection is running`
    : last === undefined
      ? html`no garbage collection yet`
      : last.state === 'failed'
        ? html`${badge('bad', 'failed')} garbage collection ${age(last.completedAt, now)}`
        : html`garbage collected ${age(last.completedAt, now)}`;
  return html`<p>${badge('ok', 'running')} mcrsrv ${version}, <a href="/storage">${collection}</a>,
<a href="/storage#snapshots">${snapshot === undefined ? html`${badge('warn', 'no snapshot')} no copy of the database yet` : html`last snapshot ${age(snapshot.createdAt, now)}`}</a></p>`;
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

/** The sums of what the user can see; layers shared by several repositories are counted for each. */
function visibleFigures(list: ListRepositoriesResponse | undefined): Fragment {
  if (list === undefined || list.repositories.length === 0) return html``;
  const { repositories, nextPageToken } = list;
  const tags = repositories.reduce((sum, { tagCount }) => sum + tagCount, 0);
  const bytes = repositories.reduce((sum, { totalSize }) => sum + totalSize, 0n);
  const more = nextPageToken === '' ? '' : ' or more';
  return html`<dl class="figures">
<div><dt>Repositories</dt><dd><a href="/repositories">${count(repositories.length)}${more}</a></dd><dd class="muted">that you may see</dd></div>
<div><dt>Tags</dt><dd>${count(tags)}${more}</dd></div>
<div><dt>Size</dt><dd>${size(bytes)}${more}</dd><dd class="muted">shared layers counted for each</dd></div>
</dl>`;
}

function nothing({ recent, operation }: HomeProps): Fragment {
  if (recent === undefined) {
    return html`<p>You may not list repositories. You may still have access to one whose name you know, by its address or by
the commands below: <a href="/me">see what you may do</a>.</p>`;
  }
  const isEmpty = operation?.statistics.repositories === 0;
  return html`<p>${isEmpty ? 'Nothing is stored yet.' : 'There is nothing here that you may see.'} Push an image with one of these commands.</p>`;
}

function recentList(recent: readonly Repository[], now: number): Fragment {
  if (recent.length === 0) return html``;
  return html`<section aria-labelledby="recent"><h2 id="recent">Last pushes</h2><table class="plain"><thead><tr><th scope="col">Repository</th><th scope="col" class="number">Pushed</th></tr></thead><tbody>
${recent.map((it) => html`<tr><td><a href="${repositoryPath(it.name)}">${breakable(it.name)}</a></td><td class="number">${age(it.lastPushAt, now)}</td></tr>`)}
</tbody></table></section>`;
}

function pushList(pushes: readonly Push[], now: number): Fragment {
  return html`<section aria-labelledby="recent"><h2 id="recent">Last pushes</h2><table class="wide"><thead><tr><th scope="col">What</th><th scope="col">Digest</th><th scope="col">By</th><th scope="col" class="number">When</th></tr></thead><tbody>
${pushes.map(({ event, tags }) => {
  const { repository = '', digest: value = '' } = event;
  return html`<tr><td><a href="${repositoryPath(repository)}">${breakable(tags.length === 0 ? repository : `${repository}:${tags.join(', ')}`)}</a></td>
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
