import { Code } from '@connectrpc/connect';
import type { Context, Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import { afterCreation } from '../../http/creation.ts';
import type { AppEnv } from '../../http/env.ts';
import { setFlash } from '../../http/flash.ts';
import { field } from '../../http/form.ts';
import { keptNote } from '../../http/kept-form.ts';
import { backToList, listUrl } from '../../http/list-url.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { problemOf, unless } from '../../registry/unless.ts';
import { findRevocation } from './question.ts';
import { questionView } from './question-view.ts';
import { delegationsView, type NewDelegation } from './view.ts';

const pageSize = 50;

/** `GET /delegations`: who manages rules and tokens of which repositories; `?account=NAME` fills the form. */
export function delegationsPage(context: WebContext): Handler<AppEnv> {
  return (c) => show(context, c, { account: c.req.query('account') ?? '', pattern: '' });
}

/** `POST /delegations`: makes an account a delegate. */
export function createDelegation(context: WebContext): Handler<AppEnv> {
  return async (c) => {
    const [account, pattern] = [field(c.var.form, 'account'), field(c.var.form, 'pattern')];
    let created: string | undefined;
    const create = async () => {
      const { delegation } = await context.registry.policy.createDelegation({ account, pattern }, asCaller(c));
      created = delegation?.id;
    };
    const problem = keptNote(c) ?? (await problemOf(create()));
    if (problem !== undefined) return show(context, c, { account, pattern, problem });
    const message = `${account} manages rules and tokens of ${pattern}.`;
    const empty = { account: '', pattern: '' };
    return await afterCreation(c, { list: '/delegations', message, show: () => show(context, c, empty, created) });
  };
}

/** `GET /delegations/:id/delete`: says what taking a delegation away ends and leaves, and asks. */
export function deleteDelegationPage({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const revocation = await findRevocation(registry, c);
    if (revocation === undefined) return c.notFound();
    const { search } = listUrl(c, '/delegations');
    return respond(c, questionView({ csrf: c.var.csrf, query: search, ...revocation }));
  };
}

/** `POST /delegations/:id/delete`: takes a delegation away, and says which rules stay. */
export function deleteDelegation({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const id = c.req.param('id') ?? '';
    const deleted = await registry.policy
      .deleteDelegation({ id }, asCaller(c))
      .catch(unless([Code.NotFound], () => undefined));
    const { delegation, ruleIds = [] } = deleted ?? {};
    const stay = ruleIds.length === 0 ? '' : ` Rules of the account stay in force: ${ruleIds.join(', ')}.`;
    setFlash(
      c,
      delegation === undefined
        ? 'The delegation has already been taken away.'
        : `${delegation.username} no longer manages ${delegation.pattern}.${stay}`,
    );
    return backToList(c, '/delegations');
  };
}

async function show(
  { registry, clock }: WebContext,
  c: Context<AppEnv>,
  typed: NewDelegation,
  created?: string,
): Promise<Response> {
  const url = listUrl(c, '/delegations');
  const pageToken = url.searchParams.get('page') ?? '';
  const list = await registry.policy.listDelegations({ all: true, pageSize, pageToken }, asCaller(c));
  const view = delegationsView({ csrf: c.var.csrf, url, list, typed, created, now: clock.now() });
  return respond(c, view, typed.problem === undefined ? 200 : 422);
}
