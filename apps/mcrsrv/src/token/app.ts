import { recordOf } from '@mcr/server-kit';
import type { Context, Hono } from 'hono';
import type { AppEnv } from '../http/env.ts';
import type { ServiceContext } from '../services/context.ts';
import { login } from '../services/identity/login.ts';
import { type Credentials, parseBasic } from './credentials.ts';
import { readTokenForm } from './form.ts';
import { noteRequested } from './requested.ts';
import { tokenResponse } from './token-response.ts';

const path = '/v2/token';

/**
 * The token endpoint: GET with Basic credentials, POST with a form. Requested scopes are accepted, logged and not
 * looked at, since policy decides each request anew and tokens carry no rights.
 */
export function mountToken(app: Hono<AppEnv>, services: ServiceContext): void {
  const answer = async (c: Context<AppEnv>, read: () => Credentials | Promise<Credentials>) => {
    const record = recordOf(c.env.incoming);
    record.route = path;
    const credentials = await read();
    record.actor = credentials.username.slice(0, 64);
    return tokenResponse(c, await login(services, { ...credentials, ip: record.ip }));
  };
  app.get(path, (c) => {
    noteRequested(recordOf(c.env.incoming), new URL(c.req.url).searchParams);
    return answer(c, () => parseBasic(c.req.header('authorization')));
  });
  app.post(path, (c) => answer(c, () => readTokenForm(c)));
}
