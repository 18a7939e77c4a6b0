import { Agent, request } from 'undici';

/** More than any sign-in has. */
const maxSteps = 20;
const form = /<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/i;
const input = /<input[^>]*name="([^"]+)"[^>]*>/gi;
const valueOf = /value="([^"]*)"/i;

/** What a person does at a provider. */
export interface VisitOptions {
  readonly ca?: string;
  /** Fields of its forms by name, such as `login` and `password`. */
  readonly fields: Readonly<Record<string, string>>;
  /** URLs that begin with this are those of the registry: the visit ends there. */
  readonly until: string;
}

/**
 * Walks through the pages of a provider as a browser does, with cookies, filling in its forms, until it sends the browser to
 * the registry. Gives that URL.
 */
export async function visitProvider(start: string, { ca, fields, until }: VisitOptions): Promise<URL> {
  await using cleanup = new AsyncDisposableStack();
  const agent = cleanup.adopt(new Agent({ connect: ca === undefined ? {} : { ca } }), (it) => it.close());
  const cookies = new Map<string, string>();
  let url = new URL(start);
  let body: string | undefined;
  for (let step = 0; step < maxSteps; step += 1) {
    const response = await request(url, {
      dispatcher: agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body !== undefined && { body }),
    });
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const text = await response.body.text();
    const { location } = response.headers;
    if (typeof location === 'string') {
      url = new URL(location, url);
      body = undefined;
      if (url.href.startsWith(until)) return url;
      continue;
    }
    const [, action, content = ''] = form.exec(text) ?? [];
    if (action === undefined)
      throw new Error(`${response.statusCode} of ${url.href} has no form: ${text.slice(0, 500)}`);
    const values = [...content.matchAll(input)].map(([whole, name = '']) => [
      name,
      fields[name] ?? valueOf.exec(whole)?.[1] ?? '',
    ]);
    url = new URL(action.replaceAll('&amp;', '&'), url);
    body = new URLSearchParams(Object.fromEntries(values) as Record<string, string>).toString();
  }
  throw new Error(`The provider has sent the browser on for ${maxSteps} times`);
}
