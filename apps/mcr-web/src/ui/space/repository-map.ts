import type { DescribeStorageResponse, GetStatisticsResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import { html } from 'hono/html';
import { card } from '../card.ts';
import { drawnOnce } from '../drawn-once.ts';
import { bytesText, counted } from '../format.ts';
import { icon } from '../icons.ts';
import { repositoryPath } from '../links.ts';
import { head, table } from '../lists.ts';
import type { Fragment } from '../page.ts';
import { refLink } from '../refs.ts';
import { type Tile, treemap } from '../treemap.ts';
import { bytesOf } from './parts.ts';

const shown = 11;
const bySize = '/repositories?sort=size';

interface Stored {
  readonly storage: DescribeStorageResponse;
  readonly statistics: Pick<GetStatisticsResponse, 'repositories'>;
}

/** What images take, by repository: a map, on phones a list, and numbers. Shared layers are counted once, apart. */
export const repositoryMap = drawnOnce(({ storage, statistics: { repositories } }: Stored) => {
  const [own, shared] = [bytesOf(storage, 'own'), bytesOf(storage, 'shared')];
  if (own + shared === 0n) return html``;
  const largest = storage.largest.slice(0, shown);
  const others = own - largest.reduce((sum, { ownBytes }) => sum + ownBytes, 0n);
  const tile = (name: string, bytes: bigint, href: string, color: string) => ({
    name,
    value: Number(bytes),
    text: bytesText(bytes),
    href,
    color,
  });
  const rest = [
    tile(counted(Math.max(0, repositories - largest.length), 'other'), others, bySize, 'c5'),
    tile('Shared by several', shared, bySize, 'c5'),
  ].filter(({ value }) => value > 0);
  const named = largest.map(({ name, ownBytes }, at) =>
    tile(name, ownBytes, repositoryPath(name), at === 0 ? 'c2' : at < 4 ? 'c3' : 'c4'),
  );
  const tiles = [...named, ...rest];
  const text = `${bytesText(own + shared)} in ${counted(repositories, 'repository', 'repositories')}, shared layers counted once`;
  return card(
    'repositories',
    'What fills it',
    html`<div class="card__body"><div class="map-wide">${treemap('Bytes of each repository alone, and of what they share', tiles)}
<details class="more"><summary>${icon('chevron-right', 'sm')}As numbers</summary>${numbers(tiles, own + shared)}</details></div>
<ul class="rows map-phone">${tiles.map((one) => html`<li>${nameOf(one)}<span class="num">${one.text}</span></li>`)}</ul></div>`,
    text,
  );
});

function nameOf({ name, href }: Tile): Fragment {
  return href === bySize ? html`<a class="muted" href="${href}">${name}</a>` : refLink(href, name);
}

function numbers(tiles: readonly Tile[], total: bigint): Fragment {
  const row = (name: Fragment | string, text: string) =>
    html`<tr role="row"><td role="cell" class="name">${name}</td><td role="cell" class="num end" data-label="Only here">${text}</td></tr>`;
  const rows = [...tiles.map((one) => row(nameOf(one), one.text)), row('In all', bytesText(total))];
  return table('', [head('Repository'), head('Only here', 'num end')], html`${rows}`);
}
