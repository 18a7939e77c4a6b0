import type { Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { pushesVersion } from '../../live/topics.ts';
import type { Space } from '../../registry/known-operation.ts';
import { liveAddress } from '../../shell/news.ts';
import { barList } from '../../ui/bars.ts';
import { card, facts, pageHead } from '../../ui/card.ts';
import { mcrctl, option } from '../../ui/commands.ts';
import { drawnOnce } from '../../ui/drawn-once.ts';
import { age } from '../../ui/format.ts';
import { codeBox, copyButton, digest } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { manifestPath, repositoryPath, tagPath } from '../../ui/links.ts';
import { head, hiddenHead, table } from '../../ui/lists.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { pullBox } from '../../ui/pull-box.ts';
import { refLink } from '../../ui/refs.ts';
import { diskCard, savedBytes } from '../../ui/space/disk-card.ts';
import { growthCard } from '../../ui/space/growth-card.ts';
import { repositoryMap } from '../../ui/space/repository-map.ts';
import { activityChart } from './activity-chart.ts';
import { commandBlocks } from './commands.ts';
import { attention, figures, visibleFigures } from './figures.ts';
import type { HomeProps, Operation } from './props.ts';
import type { Push } from './pushes.ts';

const listed = 10;

/** The front page. */
export function homeView(props: HomeProps): Page {
  const { name, recent = [], largest, operation, now } = props;
  const bars = largest?.repositories.slice(0, listed) ?? [];
  const isEmpty = recent.length === 0;
  const how = html`<a class="btn" href="#how">${icon('terminal')}How to push</a>`;
  const content = html`${pageHead(name, facts(state(props)), isEmpty ? html`` : how)}
<div class="stack">
${operation === undefined ? '' : attention(operation, now)}
${operation === undefined ? visibleFigures(largest) : figures(operation)}
${isEmpty ? html`<p class="muted">${nothing(props)}</p>` : lists(props, bars)}
${operation === undefined ? '' : activityChart(operation.activity)}
${commands(props)}
</div>`;
  return {
    title: name,
    crumbs: [{ text: 'Overview' }],
    command: mcrctl('status', option('server', `https://${name}`)),
    ...(props.recent !== undefined && { live: liveAddress('pushes', pushesVersion(recent)) }),
    content,
  };
}

function lists({ name, recent = [], operation, now }: HomeProps, bars: readonly Repository[]): Fragment {
  const largest = card(
    'largest',
    'Largest repositories',
    html`<div class="card__body">${barList(bars.map((it) => ({ name: it.name, bytes: it.totalSize })))}</div>`,
    html`<a class="link nowrap" href="/repositories?sort=size">All by size</a>`,
  );
  return html`<div class="cols cols--2-1">
${operation === undefined ? recentList(recent, now) : pushList(operation.pushes, name, now)}
<div class="stack">${operation === undefined ? (bars.length === 0 ? '' : largest) : html`${disk(operation.space)}${growthCard(operation.space.storage)}`}</div>
</div>
${operation === undefined ? '' : repositoryMap(operation.space)}`;
}

const disk = drawnOnce(({ storage, usage, statistics }: Space) =>
  diskCard(storage, savedBytes(usage, statistics), html`<a class="link" href="/storage">Storage</a>`),
);

function state({ version, operation, now }: HomeProps): readonly Fragment[] {
  const running = html`${icon('circle-check')}mcrsrv ${version} is running`;
  if (operation === undefined) return [running];
  const { gc, snapshot } = operation;
  const last = gc.lastRun;
  const collection = gc.running
    ? 'Garbage collection is running'
    : last === undefined
      ? 'No garbage collection yet'
      : html`Garbage collection ${last.state === 'failed' ? 'failed' : 'ran'} ${age(last.completedAt, now)}`;
  return [
    running,
    html`${icon('camera')}<a href="/storage#snapshots">${snapshot === undefined ? 'No snapshot yet' : html`Snapshot ${age(snapshot.createdAt, now)}`}</a>`,
    html`${icon('recycle')}<a href="/storage">${collection}</a>`,
  ];
}

function nothing({ recent, operation }: HomeProps): Fragment {
  if (recent === undefined) {
    return html`You may not list repositories. You may still have access to one whose name you know, by its address or by
the commands below: <a href="/me">see what you may do</a>.`;
  }
  const isEmpty = operation?.statistics.repositories === 0;
  return html`${isEmpty ? 'Nothing is stored yet.' : 'There is nothing here that you may see.'} Push an image with one of these commands.`;
}

function recentList(recent: readonly Repository[], now: number): Fragment {
  const rows = recent.map(
    (it) =>
      html`<tr role="row"><td role="cell" class="name">${refLink(repositoryPath(it.name), it.name)}</td><td role="cell" class="num end" data-label="Pushed">${age(it.lastPushAt, now)}</td></tr>`,
  );
  return card('recent', 'Last pushes', table('', [head('Repository'), head('Pushed', 'num end w-who')], html`${rows}`));
}

function pushList(pushes: Operation['pushes'], name: string, now: number): Fragment {
  const heads = [head('Image'), head('Pushed', 'w-who'), hiddenHead('Copy', 'w-one')];
  return card(
    'recent',
    'Last pushes',
    table('t-push', heads, html`${pushes.map((push) => pushRow(push, name, now))}`),
    html`<a class="link nowrap" href="/audit?type=manifest_pushed">All pushes</a>`,
  );
}

function pushRow({ event, tags }: Push, name: string, now: number): Fragment {
  const { repository = '', digest: value = '' } = event;
  const [tag] = tags;
  const href = tag === undefined ? manifestPath(repository, value) : tagPath(repository, tag);
  const reference = `${name}/${repository}${tag === undefined ? `@${value}` : `:${tag}`}`;
  return html`<tr role="row"><td role="cell" class="name">${refLink(href, repository, tag === undefined ? '' : `:${tags.join(', ')}`)}<span class="sub">${digest(value, manifestPath(repository, value))}</span></td>
<td role="cell">${age(event.at, now)} <span class="sub by">${event.actor?.name ?? ''}</span></td><td role="cell" class="acts">${copyButton(reference, `reference of ${repository}${tag === undefined ? '' : `:${tag}`}`)}</td></tr>`;
}

function commands({ name, remembering }: HomeProps): Fragment {
  const choices = commandBlocks(name).map(({ title, text, commands: lines }) => ({
    name: title,
    content: html`<p class="muted">${text}</p>${codeBox(lines.join('\n'), `the commands for ${title}`)}`,
  }));
  return pullBox({ id: 'how', label: 'How to push and pull', choices }, remembering);
}
