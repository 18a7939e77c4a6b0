import { recordOf } from '@mcr/server-kit';
import type { Context, Hono } from 'hono';
import { authenticate, bearerToken, bearsToken } from '../http/authenticate.ts';
import { clientGone } from '../http/client-gone.ts';
import type { AppEnv } from '../http/env.ts';
import type { ServiceContext } from '../services/context.ts';
import { login } from '../services/identity/login.ts';
import { reissueToken } from '../services/identity/reissue.ts';
import type { IssuedToken } from '../services/records.ts';
import { type Credentials, parseBasic } from './credentials.ts';
import { readTokenForm } from './form.ts';
import { noteRequested } from './requested.ts';
import { tokenResponse } from './token-response.ts';

const path = '/v2/token';

/**
 * The token endpoint: GET with Basic credentials, POST with a form, and either with a token in place of a password, for
 * clients that send one everywhere. Requested scopes are accepted, logged and not looked at, since policy decides each
 * request anew and tokens carry no rights.
 */
export function mountToken(app: Hono<AppEnv>, services: ServiceContext): void {
  app.get(path, async (c) => {
    const record = recordOf(c.env.incoming);
    record.route = path;
    noteRequested(record, new URL(c.req.url).searchParams);
    return tokenResponse(c, await tokenFor(c, services));
  });
  app.post(path, async (c) => {
    recordOf(c.env.incoming).route = path;
    return tokenResponse(c, await tokenFor(c, services, await readTokenForm(c)));
  });
}

/** The token for credentials of a form, or else for those of the Authorization header, which may be a token themselves. */
async function tokenFor(c: Context<AppEnv>, services: ServiceContext, form?: Credentials): Promise<IssuedToken> {
  const { incoming } = c.env;
  if (form === undefined && bearsToken(incoming)) {
    const caller = await authenticate(services, incoming);
    return reissueToken(services, caller, bearerToken(incoming) ?? '');
  }
  const record = recordOf(incoming);
  record.challenged = form === undefined && incoming.headers.authorization === undefined;
  const credentials = form ?? parseBasic(incoming.headers.authorization);
  record.actor = credentials.username.slice(0, 64);
  return await login(services, { ...credentials, ip: record.ip, signal: clientGone(c.env.outgoing) });
}
