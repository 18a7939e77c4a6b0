import { Code, ConnectError } from '@connectrpc/connect';
import { RegistryError } from '@mcr/core';
import { retryAfter } from '@mcr/server-kit';
import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { WebContext } from '../../context.ts';
import { cameFrom } from '../../http/came-from.ts';
import { isForScript } from '../../http/creation.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { clearSession, isAdmin, toLogin } from '../../http/session.ts';
import { explainPath } from '../../ui/links.ts';
import { askToSignIn } from '../login/expired.ts';
import {
  type Denial,
  deniedView,
  failureView,
  missingView,
  notFoundView,
  rejectedView,
  unreachableView,
  unsureView,
} from './view.ts';

/** mcrsrv restarts within seconds. */
const retryAfterSeconds = '5';

/** The response for a path without a page. */
export const notFoundPage: NotFoundHandler<AppEnv> = (c) => respond(c, notFoundView({ path: c.req.path }), 404);

/** The pages for errors of the registry; all other codes mean that it does not respond. */
const rejections = new Map<Code, ContentfulStatusCode>([
  [Code.InvalidArgument, 400],
  [Code.AlreadyExists, 409],
  [Code.FailedPrecondition, 409],
  [Code.ResourceExhausted, 429],
  [Code.Unimplemented, 404],
]);

/** The response for a page that failed. The reason is in the log, with the request's id. */
export function errorPage(context: WebContext): ErrorHandler<AppEnv> {
  const { log } = context;
  return (error, c) => {
    const { requestId } = c.var;
    if (error instanceof ConnectError && !isItsOwnFault(error)) return rejected(c, error, context);
    if (error instanceof RegistryError && error.code === 'TOOMANYREQUESTS') return tooMuch(c, error);
    log.error({ err: error, requestId }, 'page failed');
    return respond(c, failureView({ requestId }), 500);
  };
}

/** The UI itself has too many forms in progress. */
function tooMuch(c: Context<AppEnv>, { message, facts }: RegistryError): Response | Promise<Response> {
  if (facts.retryAfterMs !== undefined) c.header('Retry-After', String(retryAfter(facts.retryAfterMs)));
  return respond(c, rejectedView({ message, path: cameFrom(c) }), 429);
}

function rejected(c: Context<AppEnv>, error: ConnectError, context: WebContext): Response | Promise<Response> {
  const { requestId, session } = c.var;
  const { code, rawMessage: message } = error;
  if (code === Code.Unauthenticated) {
    clearSession(c);
    return c.req.method === 'POST' && !isForScript(c) ? askToSignIn(context, c, c.var.form) : toLogin(c);
  }
  if (code === Code.PermissionDenied) {
    return respond(c, deniedView({ message, username: session?.username ?? '', denial: denialOf(c, error) }), 403);
  }
  if (code === Code.NotFound) return respond(c, missingView({ message, path: c.req.path }), 404);
  const status = rejections.get(code);
  const isForm = c.req.method === 'POST';
  if (status !== undefined) return respond(c, rejectedView({ message, ...(isForm && { path: cameFrom(c) }) }), status);
  context.log.warn({ err: error, requestId }, 'registry did not respond');
  c.header('Retry-After', retryAfterSeconds);
  return respond(c, isForm ? unsureView({ requestId, path: cameFrom(c) }) : unreachableView({ requestId }), 503);
}

/** Whether the registry responded with an error, as opposed to a broken connection. */
function isItsOwnFault({ code, cause }: ConnectError): boolean {
  return code === Code.Internal && cause === undefined;
}

/** What the registry says of a denial: the id of its request, and for admins the question that explains it. */
function denialOf(c: Context<AppEnv>, { metadata }: ConnectError): Denial {
  const requestId = metadata.get('x-request-id') ?? undefined;
  const action = metadata.get('mcr-denied-action') ?? '';
  const { session } = c.var;
  if (!isAdmin(session) || !action.startsWith('registry:')) return { requestId };
  const repository = metadata.get('mcr-denied-repository') ?? '';
  return { requestId, explain: explainPath({ who: session?.username ?? '', action, repository }) };
}
