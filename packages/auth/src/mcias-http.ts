import { createSecureContext } from 'node:tls';
import type { Agent } from 'undici';
import { identityServiceUnavailable } from './errors.ts';

/** Fits a token, a name and a page of roles many times over. */
const maxResponseBytes = 64 * 1024;
/** Enough for a burst of logins; further calls are queued, so that a slow service does not cost a socket for each. */
const maxConnections = 32;

/** The address of MCIAS. */
export interface MciasHttpOptions {
  /** `https://host[:port][/prefix]`. */
  readonly serverUrl: string;
  /** PEM of the authorities that may have issued its certificate (default: Node's). */
  readonly caCert?: string | readonly string[] | undefined;
  /** Timeout in milliseconds of a whole call, including the connection. */
  readonly timeoutMs: number;
}

/** A response before it is parsed. */
export interface MciasResponse {
  /** Method, address and status, for error causes. */
  readonly label: string;
  readonly status: number;
  readonly text: string;
}

/** HTTP client for MCIAS: TLS 1.3, no redirects (the default of undici), bounded in time and size. */
export class MciasHttp {
  /** Created by the first call: a registry with local accounts does not load the library, which is large. */
  #agent: Agent | undefined;
  #closed = false;
  readonly #base: string;
  readonly #timeoutMs: number;
  readonly #caCert: string | readonly string[] | undefined;

  /** Throws an `Error` for an address that is not https. */
  constructor({ serverUrl, caCert, timeoutMs }: MciasHttpOptions) {
    const url = new URL(serverUrl);
    if (url.protocol !== 'https:') throw new Error(`mcias.server_url must begin with https://, not ${url.protocol}//`);
    this.#base = url.origin + url.pathname.replace(/\/+$/, '');
    this.#timeoutMs = timeoutMs;
    this.#caCert = caCert;
  }

  /** Posts JSON. Returns responses of any status; throws `UNAVAILABLE` if no complete response arrives. */
  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<MciasResponse> {
    const label = `POST ${this.#base}${path}`;
    const { Agent, request } = await import('./undici.ts');
    try {
      if (this.#closed) throw new Error('The client is closed');
      this.#agent ??= new Agent(this.#agentOptions());
      const response = await request(this.#base + path, {
        dispatcher: this.#agent,
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      const { statusCode: status } = response;
      return { label: `${label} (${status})`, status, text: await response.body.text() };
    } catch (cause) {
      throw identityServiceUnavailable(new Error(`${label} failed`, { cause }));
    }
  }

  /** Closes connections and fails pending calls. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#agent?.destroy();
  }

  #agentOptions(): Agent.Options {
    const timeout = this.#timeoutMs;
    const ca = this.#caCert === undefined ? {} : { ca: [this.#caCert].flat() };
    // Created once: parsing hundreds of authorities takes 20 ms.
    const secureContext = createSecureContext({ minVersion: 'TLSv1.3', ...ca });
    return {
      connections: maxConnections,
      maxResponseSize: maxResponseBytes,
      allowH2: false,
      connect: { secureContext, timeout },
    };
  }
}
