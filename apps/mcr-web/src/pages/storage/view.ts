import { html } from 'hono/html';
import { collectionVersion } from '../../live/topics.ts';
import type { Space } from '../../registry/known-operation.ts';
import { liveAddress } from '../../shell/news.ts';
import { card, pageHead } from '../../ui/card.ts';
import { mcrctl } from '../../ui/commands.ts';
import { drawnOnce } from '../../ui/drawn-once.ts';
import { age, bytesText, counted, size } from '../../ui/format.ts';
import { csrfField } from '../../ui/forms.ts';
import { copyLine, empty } from '../../ui/fragments.ts';
import { icon } from '../../ui/icons.ts';
import { head, table } from '../../ui/lists.ts';
import type { Fragment, Page } from '../../ui/page.ts';
import { diskCard, savedBytes } from '../../ui/space/disk-card.ts';
import { growthCard } from '../../ui/space/growth-card.ts';
import { spaceNotice } from '../../ui/space/notice.ts';
import { repositoryMap } from '../../ui/space/repository-map.ts';
import { collection } from './collection.ts';
import type { StorageProps } from './props.ts';

/** Usage, garbage collection, and copies of the database. */
export function storageView(props: StorageProps): Page {
  const { status, space } = props;
  const { usage, statistics, storage } = space;
  const content = html`${pageHead('Storage', `${counted(statistics.blobs, 'blob')}, each counted once; repositories reference ${bytesText(usage.referencedBytes)}`)}
<div class="stack">${spaceNotice(storage)}
<div class="cols cols--1-1">${disk(space)}
${growthCard(storage)}</div>
${repositoryMap(space)}
${collection(props)}
${snapshotSection(props)}</div>`;
  return {
    title: status.running ? '(…) Storage' : 'Storage',
    crumbs: [{ text: 'Operation' }, { text: 'Storage' }],
    command: mcrctl('storage'),
    live: liveAddress('collection', collectionVersion(status)),
    ...(status.running && { refreshSeconds: 2 }),
    content,
  };
}

const disk = drawnOnce(({ storage, usage, statistics }: Space) => diskCard(storage, savedBytes(usage, statistics)));

function snapshotSection({ csrf, snapshots: list, now }: StorageProps): Fragment {
  const { snapshots, nextPageToken } = list;
  const rows = snapshots.map(
    ({ name, size: bytes, createdAt }) =>
      html`<tr role="row"><td role="cell" class="name"><code>${name}</code></td><td role="cell" class="num" data-label="Size">${size(bytes)}</td><td role="cell" class="num end" data-label="Taken">${age(createdAt, now)}</td></tr>`,
  );
  const take = html`<form method="post" action="/storage/snapshots">${csrfField(csrf)}<button class="btn">${icon('camera')}Take a snapshot</button></form>`;
  return card(
    'snapshots',
    'Snapshots',
    html`<div class="card__body"><p>Consistent copies of the database on the server. Copy the layers as well to have a full backup.</p></div>
${snapshots.length === 0 ? empty('No snapshots yet', '', 'mcrctl snapshot create') : table('', [head('Name'), head('Size', 'num w-count'), head('Taken', 'num end w-who')], html`${rows}`)}
${nextPageToken === '' ? '' : html`<p class="card__foot"><span>These are the newest ${snapshots.length}. To list all: ${copyLine(mcrctl('snapshot', 'list'), 'command that lists all')}</span></p>`}`,
    take,
  );
}
