import type { ListRepositoriesResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { stats } from '../../ui/card.ts';
import { spark } from '../../ui/chart.ts';
import { age, count, counted, size } from '../../ui/format.ts';
import { notice } from '../../ui/fragments.ts';
import type { Fragment } from '../../ui/page.ts';
import { fullNotice } from '../../ui/space/notice.ts';
import type { Operation } from './props.ts';

/** What a person has to look at; nothing if all is well. */
export function attention(
  { gc, snapshot, activity, status, hasStorage, space: { storage } }: Operation,
  now: number,
): Fragment {
  const last = gc.lastRun;
  const full = fullNotice(storage);
  const denied = Number(activity.at(-1)?.denials ?? 0n);
  const notices: readonly Fragment[] = [
    ...(status === 'degraded'
      ? [
          notice(
            'bad',
            'circle-alert',
            hasStorage
              ? html`<b>The identity service does not respond.</b> Logins fail; tokens that the registry knows are accepted still.`
              : html`<b>S3 does not respond.</b> Pushes and pulls of blobs fail; manifests, tags and logins go on.`,
          ),
        ]
      : []),
    ...(last?.state === 'failed'
      ? [
          notice(
            'bad',
            'recycle',
            html`<b>Garbage collection failed ${age(last.completedAt, now)}.</b> ${last.error ?? ''}`,
            html`<a class="link nowrap" href="/storage">See its runs</a>`,
          ),
        ]
      : []),
    ...(denied > 0
      ? [
          notice(
            'bad',
            'shield-x',
            html`<b>${counted(denied, 'request')} ${denied === 1 ? 'was' : 'were'} denied today.</b> The audit log says whose, and for what.`,
            html`<a class="link nowrap" href="/audit?type=policy_deny">See them</a>`,
          ),
        ]
      : []),
    ...(full === undefined ? [] : [full]),
    ...(snapshot === undefined
      ? [
          notice(
            'warn',
            'camera',
            html`<b>There is no snapshot of the database yet.</b> A backup needs one, and the layers.`,
            html`<a class="link nowrap" href="/storage#snapshots">Take one</a>`,
          ),
        ]
      : []),
  ];
  if (notices.length === 0) return html``;
  return html`<section class="card" aria-label="Needs attention">${notices}</section>`;
}

/** The figures of today, and of everything. */
export function figures({ statistics, activity }: Operation): Fragment {
  const today = activity.at(-1);
  const course = (key: 'pushes' | 'pulls' | 'denials') => activity.map((day) => Number(day[key]));
  const figure = (name: string, key: 'pushes' | 'pulls' | 'denials', type: string) => ({
    name,
    value: count(today?.[key] ?? 0n),
    note: `${count(course(key).reduce((sum, value) => sum + value, 0))} in ${counted(activity.length, 'day')}`,
    href: `/audit?type=${type}`,
    spark: spark(course(key), key === 'denials' ? ' spark--bad' : ''),
  });
  return stats('Figures', [
    ...(today === undefined
      ? []
      : [
          figure('Pushes today', 'pushes', 'manifest_pushed'),
          figure('Pulls today', 'pulls', 'manifest_pulled'),
          figure('Denied today', 'denials', 'policy_deny'),
        ]),
    {
      name: 'Repositories',
      value: count(statistics.repositories),
      note: `${counted(statistics.tags, 'tag')}, ${counted(statistics.manifests, 'manifest')}`,
      href: '/repositories',
    },
  ]);
}

/** The sums of what the user can see; layers shared by several repositories are counted for each. */
export function visibleFigures(list: ListRepositoriesResponse | undefined): Fragment {
  if (list === undefined || list.repositories.length === 0) return html``;
  const { repositories, nextPageToken } = list;
  const tags = repositories.reduce((sum, { tagCount }) => sum + tagCount, 0);
  const bytes = repositories.reduce((sum, { totalSize }) => sum + totalSize, 0n);
  const more = nextPageToken === '' ? '' : ' or more';
  return stats('Figures', [
    {
      name: 'Repositories',
      value: `${count(repositories.length)}${more}`,
      note: 'that you may see',
      href: '/repositories',
    },
    { name: 'Tags', value: `${count(tags)}${more}` },
    { name: 'Size', value: html`${size(bytes)}${more}`, note: 'shared layers counted for each repository' },
  ]);
}
