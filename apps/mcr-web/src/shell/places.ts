import { html } from 'hono/html';
import type { Session } from '../http/env.ts';
import { isAdmin, scopeOf } from '../http/session.ts';
import type { IconName } from '../ui/icons.ts';
import type { Fragment } from '../ui/page.ts';

/** A page that the navigation leads to. */
export interface Place {
  readonly path: string;
  readonly name: string;
  /** The key after `g` that leads there. */
  readonly key: string;
  readonly icon: IconName;
  /** Other paths that belong to it. */
  readonly also?: readonly string[];
}

/** Places under a common heading, which the first ones do not need. */
export interface PlaceGroup {
  readonly title?: string;
  readonly places: readonly Place[];
}

const overview: Place = { path: '/', name: 'Overview', key: 'o', icon: 'layout-dashboard' };
const repositories: Place = {
  path: '/repositories',
  name: 'Repositories',
  key: 'r',
  icon: 'package',
  also: ['/delete-tags', '/delete-repository'],
};
const audit: Place = { path: '/audit', name: 'Audit', key: 'a', icon: 'scroll-text' };
const policies: Place = { path: '/policies', name: 'Policies', key: 'p', icon: 'scale' };
const accounts: Place = { path: '/accounts', name: 'Accounts', key: 'c', icon: 'users', also: ['/delegations'] };
const tokens: Place = { path: '/tokens', name: 'Tokens', key: 't', icon: 'key-round' };
const storage: Place = { path: '/storage', name: 'Storage', key: 's', icon: 'hard-drive' };

/** The places that a user may go to. */
export function placesOf(session: Session): readonly PlaceGroup[] {
  if (session.isGuest) return [{ places: [repositories] }];
  if (!isAdmin(session)) {
    if (scopeOf(session) === undefined) return [{ places: [overview, repositories, tokens] }];
    return [{ places: [overview, repositories, audit] }, { title: 'Access', places: [policies, tokens] }];
  }
  return [
    { places: [overview, repositories, audit] },
    { title: 'Access', places: [policies, accounts, tokens] },
    { title: 'Operation', places: [storage] },
  ];
}

/** The mark of a link to the place that the page belongs to. */
export function current({ path, also = [] }: Place, url: URL): Fragment {
  const isHere =
    path === '/' ? url.pathname === '/' : [path, ...also].some((prefix) => url.pathname.startsWith(prefix));
  return isHere ? html` aria-current="page"` : html``;
}
