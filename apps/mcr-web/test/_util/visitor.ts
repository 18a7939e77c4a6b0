import type { IncomingHttpHeaders } from 'node:http';
import { ask, type HttpResponse, type Visited } from './ask.ts';
import { rightPassword } from './registry.ts';

/** A user with a browser: keeps cookies, and submits forms as browsers do. */
export interface Visitor {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<HttpResponse>;
  /** Submits a form with the token of the visitor's own cookie, unless the fields override it. */
  post(
    path: string,
    fields?: Record<string, string>,
    headers?: Record<string, string | undefined>,
  ): Promise<HttpResponse>;
  signIn(username: string, password?: string, next?: string): Promise<HttpResponse>;
}

/** A new visitor, with no cookies. */
export function visit(web: Visited): Visitor {
  const cookies = new Map<string, string>();
  const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

  async function send(path: string, options: Parameters<typeof ask>[2], body?: string): Promise<HttpResponse> {
    const response = await ask(web, path, options, body);
    keep(response.headers);
    return response;
  }

  function keep(headers: IncomingHttpHeaders): void {
    for (const line of headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
      if (/session|csrf/.test(name) && value !== '') web.secrets?.add(value).add(decodeURIComponent(value));
    }
  }

  const visitor: Visitor = {
    cookies,
    get: (path, headers = {}) => send(path, { headers: { cookie: cookieHeader(), ...headers } }),
    post: (path, fields = {}, headers = {}) => {
      const form = new URLSearchParams({ csrf: cookies.get('__Host-mcr-csrf') ?? '', ...fields }).toString();
      const all = {
        cookie: cookieHeader(),
        origin: web.url,
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(form)),
        ...headers,
      };
      const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return send(path, { method: 'POST', headers: sent as Record<string, string> }, form);
    },
    async signIn(username, password = rightPassword, next = '/') {
      await visitor.get('/login');
      const response = await visitor.post('/login', { username, password, next });
      if (response.status === 303) await visitor.get('/me');
      return response;
    },
  };
  return visitor;
}
