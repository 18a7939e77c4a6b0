import { createHash } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { Breaker } from './breaker.ts';
import type { CredentialsSource } from './credentials.ts';
import { documentOf, exchange, type Wire } from './exchange.ts';
import { S3Figures, type S3Operation } from './figures.ts';
import { BodyConnections, bodyOf, type ObjectBody } from './object-body.ts';
import { S3Error } from './s3-error.ts';
import { Signer, unsignedPayload } from './signature.ts';
import { textOf } from './xml.ts';

/** Where a bucket is, and how it is talked to. */
export interface S3ClientOptions {
  /** Scheme, host and port, such as `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  /** The same for clients that are redirected; by default `endpoint`. */
  readonly publicEndpoint?: string;
  readonly region: string;
  readonly bucket: string;
  /** Whether the bucket is in the path instead of the name of the host. */
  readonly pathStyle: boolean;
  readonly credentials: CredentialsSource;
  /** PEM of the authorities to trust instead of Node's. */
  readonly ca?: string;
  /** What bodies are protected by: a signed SHA-256, or a CRC-32 that takes less of the processor. */
  readonly checksum: 'sha256' | 'crc32';
  /** Encryption that the server is asked for. */
  readonly encryption?: { readonly algorithm: 'AES256' | 'aws:kms'; readonly kmsKeyId?: string };
  /** Milliseconds without progress after which an attempt has failed (default: 10,000). */
  readonly idleMs?: number;
}

/** A call. */
export interface S3Call {
  readonly operation: S3Operation;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The object; the bucket itself when empty. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Uint8Array;
  /** SHA-256 of the body in hex, where it is known. */
  readonly sha256?: string;
}

const nothing = new Uint8Array(0);

const maxTries = 4;
const firstDelayMs = 200;
const leastDelayMs = 100;
const longestDelayMs = 2_000;
const defaultIdleMs = 10_000;
/** Connections that are kept for the next call. */
const maxFreeSockets = 64;

/** Signs and sends calls, and tries again what may succeed then. Throws `S3Error`. */
export class S3Client {
  readonly figures = new S3Figures();
  readonly breaker = new Breaker();
  readonly options: S3ClientOptions;
  readonly idleMs: number;
  readonly #signer: Signer;
  readonly #wire: Wire;
  readonly #bodies: BodyConnections;
  readonly #host: string;
  #clockSkew: number | undefined;

  constructor(options: S3ClientOptions) {
    this.options = options;
    this.idleMs = options.idleMs ?? defaultIdleMs;
    this.#signer = new Signer(options.region);
    const endpoint = this.#addressed(options.endpoint);
    this.#host = endpoint.host;
    const agentOptions = { keepAlive: true, maxFreeSockets, noDelay: true };
    const agent = endpoint.protocol === 'https:' ? new TlsAgent(agentOptions) : new Agent(agentOptions);
    this.#wire = { endpoint, agent, ca: options.ca, idleMs: this.idleMs };
    this.#bodies = new BodyConnections(this.#wire);
  }

  /** Milliseconds that the server's clock is ahead of this one, as of its last response; `undefined` before that. */
  get clockSkew(): number | undefined {
    return this.#clockSkew;
  }

  /** Resolves with a response of 2xx, whose body must be read. Makes four attempts unless `tries` says otherwise. */
  async call(call: S3Call, tries = maxTries): Promise<IncomingMessage> {
    return await this.attempts(call.operation, () => this.#attempt(call), tries);
  }

  /** The same for a GET whose body may be large. */
  async body(call: S3Call & { readonly method: 'GET' }, tries = maxTries): Promise<ObjectBody> {
    return await this.attempts(call.operation, () => this.#bodyAttempt(call), tries);
  }

  /** The same for a call whose response is a document, which is part of the attempt. */
  async document(call: S3Call, tries = maxTries): Promise<string> {
    const attempt = async (): Promise<string> => {
      const text = await documentOf(await this.#attempt(call), this.idleMs);
      // A server that has to work for long sends its 200 before it knows.
      if (/<Error>/.test(text)) throw errorOf(call, 500, text);
      return text;
    };
    return await this.attempts(call.operation, attempt, tries);
  }

  /** Makes attempts until one succeeds, or fails in a way that another one will not mend; with full jitter in between. */
  async attempts<T>(operation: S3Operation, attempt: () => Promise<T>, tries = maxTries): Promise<T> {
    for (let made = 1; ; made += 1) {
      try {
        const result = await attempt();
        this.#count(operation, undefined);
        return result;
      } catch (cause) {
        const error = cause instanceof S3Error ? cause : new S3Error((cause as Error).message, { cause });
        this.#count(operation, error);
        if (!error.isTransient || made >= tries || this.breaker.isOpen) throw error;
      }
      await sleep(Math.max(leastDelayMs, Math.random() * Math.min(longestDelayMs, firstDelayMs * 2 ** made)));
      this.figures.retried(operation);
    }
  }

  /** A URL at which anyone may GET an object for `expires` seconds. Throws what the source of credentials throws. */
  async presign(key: string, expires: number, query: Readonly<Record<string, string>> = {}): Promise<string> {
    const { publicEndpoint, endpoint, credentials } = this.options;
    const { origin, host } = this.#addressed(publicEndpoint ?? endpoint);
    return origin + this.#signer.presign({ host, path: this.#path(key), query }, expires, await credentials());
  }

  close(): void {
    this.#wire.agent.destroy();
    this.#bodies.close();
  }

  #addressed(endpoint: string): URL {
    const url = new URL(endpoint);
    if (!this.options.pathStyle) url.hostname = `${this.options.bucket}.${url.hostname}`;
    return url;
  }

  #path(key: string): string {
    if (!this.options.pathStyle) return `/${key}`;
    return key === '' ? `/${this.options.bucket}` : `/${this.options.bucket}/${key}`;
  }

  async #bodyAttempt(call: S3Call): Promise<ObjectBody> {
    const { target, headers } = await this.#signed(call);
    const response = await this.#bodies.get(target, headers);
    if (response === undefined) return bodyOf(await this.#attempt(call), this.idleMs);
    this.#noteDate(response.headers['date']);
    if ('pieces' in response) return response;
    throw errorOf(call, response.status, response.text, response.headers);
  }

  async #signed(call: S3Call) {
    const { method, key, query = {} } = call;
    const parts = { method, host: this.#host, path: this.#path(key), query, headers: this.#headersOf(call) };
    return this.#signer.sign(parts, this.#payloadOf(call), await this.options.credentials());
  }

  async #attempt(call: S3Call): Promise<IncomingMessage> {
    const { method, body } = call;
    const { target, headers } = await this.#signed(call);
    const response = await exchange(this.#wire, { method, target, headers, ...(body !== undefined && { body }) });
    this.figures.bytesSent += body?.length ?? 0;
    this.#noteDate(response.headers.date);
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    const text = await documentOf(response, this.idleMs).catch(() => '');
    throw errorOf(call, status, text, response.headers);
  }

  #noteDate(header = ''): void {
    const date = Date.parse(header);
    // The header has whole seconds, rounded down.
    if (!Number.isNaN(date)) this.#clockSkew = date + 500 - Date.now();
  }

  #headersOf({ method, headers, body }: S3Call): Record<string, string | number> {
    return {
      ...headers,
      ...(body !== undefined && { 'content-length': body.length }),
      ...(body !== undefined && this.#isSummed(method) && { 'x-amz-checksum-crc32': crc32Of(body) }),
    };
  }

  #payloadOf({ method, body = nothing, sha256 }: S3Call): string {
    if (this.#isSummed(method)) return unsignedPayload;
    return sha256 ?? createHash('sha256').update(body).digest('hex');
  }

  /** Documents are signed in any case: there the header would say what the object that they make adds up to. */
  #isSummed(method: S3Call['method']): boolean {
    return method === 'PUT' && this.options.checksum === 'crc32';
  }

  #count(operation: S3Operation, error: S3Error | undefined): void {
    if (error?.isTransient) {
      this.breaker.failed();
      this.figures.called(operation, 'failed');
      return;
    }
    this.breaker.succeeded();
    this.figures.called(operation, error === undefined ? 'ok' : 'rejected');
  }
}

/** CRC-32 as S3 has it in headers and documents: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export function crc32Of(body: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return sum.toString('base64');
}

function errorOf({ method, key }: S3Call, status: number, text: string, headers: IncomingHttpHeaders = {}): S3Error {
  const region = headers['x-amz-bucket-region'] ?? textOf(text, 'Region');
  const total = /^bytes \*\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
  const code = textOf(text, 'Code') ?? String(status);
  const what = `${method} ${key === '' ? 'of the bucket' : `"${key}"`}`;
  return new S3Error(what, {
    status,
    code,
    ...(typeof region === 'string' && { region }),
    ...(total !== undefined && { size: Number(total) }),
    ...(text !== '' && { cause: textOf(text, 'Message') }),
  });
}
