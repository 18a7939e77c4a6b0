import { documentPath } from './document.ts';
import { large, usual } from './images.ts';

/** A page to measure. */
export interface Measured {
  readonly path: string;
  /** Number of next pages to follow first, or fewer where the list ends before. */
  readonly deep?: number;
  /** Whether the user lacks the role `admin`. */
  readonly asPerson?: boolean;
}

const tags = Array.from({ length: 10 }, (_, at) => `tag=v1.${at + 1}.0`).join('&');

/** Every page, as full as it gets; filters as the forms leave them in the URL. */
export const pages: readonly Measured[] = [
  { path: '/' },
  { path: '/', asPerson: true },
  { path: '/repositories' },
  { path: '/repositories?q=&sort=size' },
  { path: '/repositories?q=team-7%2F&sort=name' },
  { path: '/repositories?sort=name', deep: 100 },
  { path: `/repositories/${usual}` },
  { path: `/repositories/${large.name}` },
  { path: `/repositories/${large.name}`, deep: 60 },
  { path: `/repositories/${large.name}?q=&sort=updated`, deep: 60 },
  { path: `/repositories/${large.name}?view=layers` },
  { path: `/repositories/${large.name}?view=manifests`, deep: 60 },
  { path: `/repositories/${large.name}?q=main-*&age=&platform=&signed=no` },
  { path: `/repositories/${large.name}?q=1.2&age=&platform=&signed=` },
  { path: `/repositories/${large.name}?q=&age=&platform=linux%2Farm64&signed=&sort=updated` },
  { path: `/repositories/${large.name}?q=&age=30&platform=&signed=yes` },
  { path: `/repositories/${usual}?view=readme` },
  { path: `/repositories/${usual}:v1.1.0` },
  { path: documentPath },
  { path: `/compare/${usual}?b=v1.2.0` },
  { path: `/delete-tags/${usual}?${tags}` },
  { path: `/delete-repository/${large.name}` },
  { path: `/policies?who=ci-order-service-7&account_type=&roles=&action=registry%3Apull&repository=team-7%2Fapp` },
  { path: '/policies', deep: 1 },
  { path: '/policies/7' },
  { path: `/policies/matches?${new URLSearchParams({ repositories: 'team-7/*\nteam-*/order' }).toString()}` },
  { path: '/policies/7/delete' },
  { path: '/policies/new' },
  { path: '/audit' },
  { path: '/audit?type=&actor=&repository=&from=&to=', deep: 100 },
  { path: `/audit?type=manifest_pulled&actor=&repository=${encodeURIComponent(large.name)}&from=2026-01-01&to=` },
  { path: '/storage' },
  { path: '/accounts' },
  { path: '/accounts', deep: 2 },
  { path: '/accounts/people' },
  { path: '/delegations' },
  { path: '/tokens?all=1' },
  { path: '/search?q=order-service' },
  { path: '/me' },
];
