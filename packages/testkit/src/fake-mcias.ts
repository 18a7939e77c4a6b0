import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';
import { createTestCa, type TestCa } from './tls.ts';

/** The calls of the MCIAS contract. */
export type MciasEndpoint = 'login' | 'validate' | 'logout';

/**
 * Ways to fail: `slow` holds every response until the fault is lifted, `error` responds with 500, `throttled` 429, `malformed`
 * 200 with a body that is no JSON.
 */
export type MciasFault = 'slow' | 'error' | 'throttled' | 'malformed';

/** A fixed response in place of the usual one. */
export interface MciasResponse {
  readonly status: number;
  /** Sent as it is when it is a string, else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An account of the fake; `id` is a UUID, random when absent. */
export interface MciasAccount {
  readonly username: string;
  readonly password: string;
  readonly id?: string;
  /** `human` when absent. */
  readonly accountType?: string;
  readonly roles?: readonly string[];
}

export interface FakeMciasOptions {
  /** Life of issued tokens in milliseconds, 8 hours when absent. */
  readonly tokenLifetimeMs?: number;
  /** Milliseconds since the epoch; the machine's clock when absent. */
  readonly now?: () => number;
  /** The CA of its certificate (default: one of its own). */
  readonly ca?: TestCa;
  /** When its certificate ends, a day from now when absent. A date in the past makes an expired one. */
  readonly notAfter?: Date;
  /** A port of 127.0.0.1 that is free, any when absent. */
  readonly port?: number;
}

/** An identity service over TLS 1.3 on a free port of 127.0.0.1 that speaks the contract in docs/mcias.md. */
export interface FakeMcias extends AsyncDisposable {
  /** What goes into `mcias.server_url`. */
  readonly url: string;
  /** What goes into `mcias.ca_cert`. */
  readonly caPem: string;
  /** How often each endpoint was called, faults included. */
  readonly calls: Readonly<Record<MciasEndpoint, number>>;
  /** Body of the last call to each endpoint. */
  readonly lastBody: Readonly<Partial<Record<MciasEndpoint, unknown>>>;
  /** Adds an account, or replaces the one of this name; its tokens show the change at the next validation. */
  addAccount(account: MciasAccount): void;
  /** Makes a token invalid, as a logout does. */
  revoke(token: string): void;
  /** Fails every call from now on; `undefined` lifts the fault and responds to the calls that `slow` held. */
  setFault(fault: MciasFault | undefined): void;
  /** Gives an endpoint a fixed response; `undefined` removes it. */
  setResponse(endpoint: MciasEndpoint, response: MciasResponse | undefined): void;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

interface Session {
  readonly username: string;
  readonly expiresAt: number;
}

const endpoints: Readonly<Record<string, MciasEndpoint>> = {
  '/v1/auth/login': 'login',
  '/v1/token/validate': 'validate',
  '/v1/auth/logout': 'logout',
};

const faults: Readonly<Record<Exclude<MciasFault, 'slow'>, MciasResponse>> = {
  error: { status: 500, body: { error: 'internal error' } },
  throttled: { status: 429, body: { error: 'slow down' }, headers: { 'Retry-After': '1' } },
  malformed: { status: 200, body: '<html>It works!</html>', headers: { 'Content-Type': 'text/html' } },
};

/** Starts the fake; the test that starts it closes it. */
export async function startFakeMcias(options: FakeMciasOptions = {}): Promise<FakeMcias> {
  const { tokenLifetimeMs = 8 * 60 * 60 * 1000, now = Date.now } = options;
  const accounts = new Map<string, MciasAccount & { readonly id: string }>();
  const sessions = new Map<string, Session>();
  const calls = { login: 0, validate: 0, logout: 0 };
  const lastBody: Partial<Record<MciasEndpoint, unknown>> = {};
  const responses = new Map<MciasEndpoint, MciasResponse>();
  let fault: MciasFault | undefined;
  let held: (() => void)[] = [];

  const actions: Readonly<Record<MciasEndpoint, (body: Fields) => MciasResponse>> = {
    login({ username, password }) {
      const account = accounts.get(String(username));
      if (account === undefined || account.password !== password) return { status: 401, body: { error: 'denied' } };
      const token = `mcias.${randomUUID()}`;
      const expiresAt = now() + tokenLifetimeMs;
      sessions.set(token, { username: account.username, expiresAt });
      return { status: 200, body: { token, expires_at: new Date(expiresAt).toISOString() } };
    },
    validate({ token }) {
      const session = sessions.get(String(token));
      const account = session === undefined ? undefined : accounts.get(session.username);
      if (session === undefined || account === undefined || session.expiresAt <= now()) {
        return { status: 200, body: { valid: false } };
      }
      return {
        status: 200,
        body: {
          valid: true,
          sub: account.id,
          username: account.username,
          account_type: account.accountType ?? 'human',
          roles: account.roles ?? [],
          expires_at: new Date(session.expiresAt).toISOString(),
        },
      };
    },
    logout({ token }) {
      return sessions.delete(String(token)) ? { status: 204 } : { status: 401, body: { error: 'denied' } };
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = request.method === 'POST' ? endpoints[request.url ?? ''] : undefined;
    if (endpoint === undefined) return send(response, { status: 404, body: { error: 'not found' } });
    const body = fields(await json(request));
    calls[endpoint] += 1;
    lastBody[endpoint] = body;
    if (fault === 'slow') await new Promise<void>((resolve) => held.push(resolve));
    const failure = fault === undefined || fault === 'slow' ? responses.get(endpoint) : faults[fault];
    return send(response, failure ?? actions[endpoint](body));
  }

  const { ca = await createTestCa(), notAfter } = options;
  const { certPem, keyPem } = await ca.issue(notAfter && { notAfter });
  const server = createServer({ cert: certPem, key: keyPem, minVersion: 'TLSv1.3' }, (request, response) => {
    handle(request, response).catch(() => send(response, { status: 400, body: { error: 'bad request' } }));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake MCIAS has no port');

  const fake: FakeMcias = {
    url: `https://127.0.0.1:${address.port}`,
    caPem: ca.caPem,
    calls,
    lastBody,
    addAccount(account) {
      accounts.set(account.username, { ...account, id: account.id ?? randomUUID() });
    },
    revoke(token) {
      sessions.delete(token);
    },
    setFault(next) {
      fault = next;
      if (next === 'slow') return;
      for (const release of held) release();
      held = [];
    },
    setResponse(endpoint, response) {
      if (response === undefined) responses.delete(endpoint);
      else responses.set(endpoint, response);
    },
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
    [Symbol.asyncDispose]: () => fake.close(),
  };
  return fake;
}

type Fields = Readonly<Record<string, unknown>>;

function fields(body: unknown): Fields {
  if (typeof body !== 'object' || body === null) throw new Error('The body is no JSON object');
  return { ...body };
}

function send(response: ServerResponse, { status, body, headers = {} }: MciasResponse): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
}
