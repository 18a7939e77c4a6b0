import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import type { AccessToken } from '@mcr/rpc/mcr/v1/tokens_pb';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { keptNote } from '../../http/kept-form.ts';
import { backToList, listUrl } from '../../http/list-url.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, isAdmin, scopeOf } from '../../http/session.ts';
import { allPages } from '../../registry/all-pages.ts';
import { nameFor } from '../../registry/registry-name.ts';
import { problemOf, wasGone } from '../../registry/unless.ts';
import { type NewToken, newToken, readNewToken, type ShownSecret } from './props.ts';
import type { revokeView } from './revoke-view.ts';
import type { rotateView } from './rotate-view.ts';
import { tokensView } from './view.ts';

const pageSize = 50;
const dayMs = 86_400_000;

/** `GET /tokens`: the user's tokens; for admins `?all=1` those of all accounts, and `?account=NAME` those of one. */
export function tokensPage(context: WebContext): Handler<AppEnv> {
  return (c) => show(context, c);
}

/** `POST /tokens`: creates a token. The response shows its secret: it is on no other page, and a redirect would lose it. */
export function createToken(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const typed = readNewToken(c.var.form);
    const { account, days, ...fields } = typed;
    const expiresAt = timestampFromMs(context.clock.now() + Number(days) * dayMs);
    const request = { ...fields, ...(account !== '' && { account }), ...(/^\d{1,4}$/.test(days) && { expiresAt }) };
    let shown: ShownSecret | undefined;
    const create = async () => {
      shown = await withName(context, c, await context.registry.tokens.createToken(request, asCaller(c)));
    };
    // What is beyond a delegation is said beside the form, which can be put right.
    const also = scopeOf(c.var.session) === undefined ? [] : [Code.PermissionDenied];
    const problem = keptNote(c) ?? (await problemOf(create(), also));
    return show(context, c, problem === undefined ? { shown } : { typed: { ...typed, problem } });
  };
}

/** `POST /tokens/:id/rotate`: gives a token another secret, which the response shows. */
export function rotateToken(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = c.req.param('id') ?? '';
    const rotated = await context.registry.tokens.rotateToken({ id }, asCaller(c));
    return show(context, c, { shown: await withName(context, c, rotated) });
  };
}

/** `GET /tokens/:id/revoke` and `rotate`: says what comes of it, and asks. */
export function tokenQuestion({ registry }: WebContext, view: typeof revokeView | typeof rotateView): Handler<AppEnv> {
  return async (c) => {
    const token = await findToken(registry, c);
    if (token === undefined) return c.notFound();
    const url = listUrl(c, '/tokens');
    return respond(c, view({ csrf: c.var.csrf, token, back: `${url.pathname}${url.search}`, query: url.search }));
  };
}

/** `POST /tokens/:id/revoke`: revokes a token. */
export function revokeToken({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    await wasGone(registry.tokens.revokeToken({ id: c.req.param('id') ?? '' }, asCaller(c)));
    setFlash(c, 'Revoked the token: clients that use it are rejected from now on.');
    return backToList(c, '/tokens');
  };
}

/** The secret of a token with the name that clients use for the registry. */
async function withName(
  { health, config }: WebContext,
  c: Context<AppEnv>,
  { token, secret }: { readonly token?: AccessToken | undefined; readonly secret: string },
): Promise<ShownSecret | undefined> {
  return token && { token, secret, registry: nameFor(await health.get(), config, c.req.url) };
}

/** Looks through the tokens that the user may manage. */
async function findToken(registry: WebContext['registry'], c: Context<AppEnv>): Promise<AccessToken | undefined> {
  const whose = isAdmin(c.var.session) ? { all: true } : accountOf(c);
  const tokens = allPages(async (pageToken) => {
    const page = await registry.tokens.listTokens({ ...whose, pageSize: 1_000, pageToken }, asCaller(c));
    return [page.tokens, page.nextPageToken];
  });
  for await (const token of tokens) if (token.id === c.req.param('id')) return token;
  return undefined;
}

/** Whose tokens to list; by default the user's. */
interface Whose {
  readonly account?: string;
  readonly all?: boolean;
}

/** The account whose tokens an admin or a delegate asks for by the URL; other users have their own. */
function accountOf(c: Context<AppEnv>): Whose {
  const account = c.req.query('account')?.trim() ?? '';
  const mayAsk = isAdmin(c.var.session) || scopeOf(c.var.session) !== undefined;
  return account === '' || !mayAsk ? {} : { account };
}

/** A rejected form, or the secret that a change has made. */
interface Outcome {
  readonly typed?: NewToken;
  readonly shown?: ShownSecret | undefined;
}

async function show(
  { registry, clock }: WebContext,
  c: Context<AppEnv>,
  { typed, shown }: Outcome = {},
): Promise<Response> {
  const url = listUrl(c, '/tokens');
  const admin = isAdmin(c.var.session);
  const isAll = admin && url.searchParams.has('all') && !url.searchParams.has('account');
  const pageToken = url.searchParams.get('page') ?? '';
  const whose: Whose = isAll ? { all: true } : accountOf(c);
  const { account = '' } = whose;
  const list = await registry.tokens.listTokens({ pageSize, pageToken, ...whose }, asCaller(c));
  const form = typed ?? { ...newToken, account };
  const props = {
    csrf: c.var.csrf,
    url,
    isAdmin: admin,
    isAll,
    scope: scopeOf(c.var.session),
    of: account,
    list,
    shown,
    typed: form,
    now: clock.now(),
  };
  return respond(c, tokensView(props), form.problem === undefined ? 200 : 422);
}
