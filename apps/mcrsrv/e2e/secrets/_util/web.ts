import { fileURLToPath } from 'node:url';
import { type BackgroundProcess, freePort, startProcess, type TestRegistry } from '@mcr/testkit';
import { expect, vi } from 'vitest';
import type { Question, TestResponse, visitor } from './visitor.ts';

const bundle = fileURLToPath(new URL('../../../../mcr-web/dist/mcr-web.mjs', import.meta.url));

/** A web UI in a process of its own, and one browser. */
export interface WebVisit extends AsyncDisposable {
  readonly process: BackgroundProcess;
  /** Value of the session's cookie. */
  session(): string;
  get(path: string): Promise<TestResponse>;
  post(path: string, fields: Readonly<Record<string, string>>, more?: Pick<Question, 'issues'>): Promise<TestResponse>;
}

/** Starts the web UI of a registry, logging all that it can. */
export async function startWeb(registry: TestRegistry, ask: ReturnType<typeof visitor>): Promise<WebVisit> {
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    MCR_WEB_LISTEN_ADDR: `127.0.0.1:${port}`,
    MCR_WEB_GRPC_ADDR: new URL(registry.grpcUrl).host,
    MCR_LOG_LEVEL: 'debug',
  };
  const web = await startProcess(process.execPath, [bundle, 'server', '--config', registry.configPath], { env });
  await vi.waitFor(() => expect(web.output()).toContain('listening'), { timeout: 20_000 });
  const cookies = new Map<string, string>();
  const send = async (method: string, path: string, question: Question = {}): Promise<TestResponse> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await ask(method, `${url}${path}`, { ...question, headers: { ...question.headers, cookie } });
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  return {
    process: web,
    session: () => cookies.get('__Host-mcr-session') ?? '',
    get: (path) => send('GET', path),
    async post(path, fields, more = {}) {
      await send('GET', '/login');
      const body = new URLSearchParams({ csrf: cookies.get('__Host-mcr-csrf') ?? '', ...fields }).toString();
      const headers = { origin: url, 'content-type': 'application/x-www-form-urlencoded' };
      return await send('POST', path, { headers, body, ...more });
    },
    [Symbol.asyncDispose]: async () => void (await web.stop()),
  };
}
