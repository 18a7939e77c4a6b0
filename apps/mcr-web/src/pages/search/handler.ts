import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond, respondPart } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { placesOf } from '../../shell/places.ts';
import { named } from './named.ts';
import { hitList, hrefOf, searchView } from './view.ts';

/** Longer texts are cut, as the registry does. */
const maxLength = 1_024;
/** Of each kind: what can be seen below a field. */
const liveLimit = 5;

/**
 * `GET /search`: what a text names, as a page, or, for the field above every page, as a part of it. With `go`, which Enter
 * in that field sends, what the text names exactly is opened.
 */
export function searchPage({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const query = (c.req.query('q') ?? '').trim().slice(0, maxLength);
    const isLive = c.req.header('HX-Request') !== undefined;
    const limit = isLive ? liveLimit : 0;
    const { hits } = query === '' ? { hits: [] } : await registry.registry.search({ query, limit }, asCaller(c));
    const { session } = c.var;
    const places = session === undefined ? [] : placesOf(session).flatMap((group) => group.places);
    const word = query.toLowerCase();
    const pages = word === '' ? [] : places.filter(({ name }) => name.toLowerCase().startsWith(word));
    if (isLive) return await respondPart(c, hitList({ query, hits, pages }));
    const target = c.req.query('go') === undefined || pages.length > 0 ? undefined : named(query, hits);
    if (target !== undefined) return c.redirect(hrefOf(target), 303);
    return await respond(c, searchView({ query, hits, pages }));
  };
}
