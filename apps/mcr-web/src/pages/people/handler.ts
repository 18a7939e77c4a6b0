import { Code } from '@connectrpc/connect';
import type { Identity } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { backToList, listUrl } from '../../http/list-url.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { allPages } from '../../registry/all-pages.ts';
import { unless, wasGone } from '../../registry/unless.ts';
import { type PersonChange, questionView } from './question-view.ts';
import { peopleView } from './view.ts';

const pageSize = 50;
/** Tokens that a question names; more are counted as "more than". */
const namedTokens = 20;
const list = '/accounts/people';

/** `GET /accounts/people`: people who have signed in at an OpenID provider. */
export function peoplePage({ registry, providers, clock }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const url = listUrl(c, list);
    const page = { pageSize, pageToken: url.searchParams.get('page') ?? '' };
    const [people, known] = await Promise.all([registry.admin.listIdentities(page, asCaller(c)), providers.list()]);
    return respond(c, peopleView({ url, list: people, providers: known, now: clock.now() }));
  };
}

/** `GET /accounts/people/:id/block`, `unblock` or `delete`: says what the change ends, and asks. */
export function personQuestion({ registry, providers }: WebContext, change: PersonChange): Handler<AppEnv> {
  return async (c) => {
    const person = await findPerson(registry, c);
    if (person === undefined) return c.notFound();
    const [tokens, known] = await Promise.all([
      registry.tokens
        .listTokens({ account: person.id, pageSize: namedTokens }, asCaller(c))
        .catch(unless([Code.NotFound, Code.InvalidArgument], () => ({ tokens: [], nextPageToken: '' }))),
      providers.list(),
    ]);
    const { search } = listUrl(c, list);
    const names = tokens.tokens.map(({ name }) => name);
    const isSelf = person.username === c.var.session?.username;
    const props = { csrf: c.var.csrf, change, person, isSelf, providers: known, query: search };
    return respond(c, questionView({ ...props, tokens: names, hasMoreTokens: tokens.nextPageToken !== '' }));
  };
}

/** `POST /accounts/people/:id/block` and `unblock`. */
export function switchPerson({ registry }: WebContext, change: 'block' | 'unblock'): Handler<AppEnv> {
  return async (c) => {
    const request = { id: c.req.param('id') ?? '', blocked: change === 'block' };
    const { identity } = await registry.admin.updateIdentity(request, asCaller(c));
    const name = identity?.username ?? 'The person';
    const end = 'tokens and sign-ins are rejected from now on';
    setFlash(c, change === 'block' ? `${name} is blocked: ${end}.` : `${name} may sign in again.`);
    return backToList(c, list);
  };
}

/** `POST /accounts/people/:id/delete`: removes a person. */
export function deletePerson({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    await wasGone(registry.admin.deleteIdentity({ id: c.req.param('id') ?? '' }, asCaller(c)));
    setFlash(c, 'Deleted the person: a later sign-in makes a new one.');
    return backToList(c, list);
  };
}

/** Looks through all people: the API has lists alone. */
async function findPerson(registry: WebContext['registry'], c: Context<AppEnv>): Promise<Identity | undefined> {
  const people = allPages(async (pageToken) => {
    const page = await registry.admin.listIdentities({ pageSize: 1_000, pageToken }, asCaller(c));
    return [page.identities, page.nextPageToken];
  });
  for await (const person of people) if (person.id === c.req.param('id')) return person;
  return undefined;
}
