import { Code } from '@connectrpc/connect';
import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { asCaller, scopeOf } from '../../http/session.ts';
import { unless } from '../../registry/unless.ts';
import { filterProblem, parseFilter, toRequest } from './filter.ts';
import { auditView } from './view.ts';

const pageSize = 50;
/** What a delegate can put right in the form: a repository beyond the delegation, or none where there are too many. */
const delegateProblems = [Code.NotFound, Code.PermissionDenied, Code.InvalidArgument];
/** Maximum number of accounts for a menu; with more, the name is typed or comes from a link. */
const maxAccounts = 100;

/** `GET /audit`: the audit log, newest first, filtered by the URL. */
export function auditPage({ registry, clock }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const url = new URL(c.req.url);
    const scope = scopeOf(c.var.session);
    const filter = parseFilter(url.searchParams);
    const pageToken = url.searchParams.get('page') ?? '';
    const [list, accounts] = await Promise.all([
      filterProblem(filter) ??
        registry.audit
          .listAuditEvents({ ...toRequest(filter), pageSize, pageToken }, asCaller(c))
          .catch(unless(scope === undefined ? [Code.NotFound] : delegateProblems, ({ rawMessage }) => rawMessage)),
      // With an external identity provider the registry has no accounts to list; delegates may not list them.
      scope === undefined
        ? registry.admin
            .listAccounts({ pageSize: maxAccounts }, asCaller(c))
            .catch(unless([Code.Unimplemented], () => undefined))
        : undefined,
    ]);
    const listed = accounts === undefined || accounts.nextPageToken !== '' ? [] : accounts.accounts;
    const view = auditView({ url, filter, list, accounts: listed, scope, now: clock.now() });
    return respond(c, view, typeof list === 'string' ? 404 : 200);
  };
}
