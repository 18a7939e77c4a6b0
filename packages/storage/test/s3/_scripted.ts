import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Handles a request instead of the server; `false` leaves it to the server. */
export type Script = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/** A request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
}

/** A small S3 server in memory that checks nothing, and that a test lets do what real ones do rarely. */
export class ScriptedS3 implements AsyncDisposable {
  readonly objects = new Map<string, Buffer>();
  readonly seen: SeenRequest[] = [];
  /** What requests are given to first, in this order; one that has handled a request `times` times is dropped. */
  readonly #scripts: { readonly script: Script; times: number }[] = [];
  readonly #parts = new Map<string, Buffer[]>();
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  #port = 0;

  static async start(): Promise<ScriptedS3> {
    const s3 = new ScriptedS3();
    s3.#server.listen(0, '127.0.0.1');
    await once(s3.#server, 'listening');
    s3.#port = (s3.#server.address() as AddressInfo).port;
    return s3;
  }

  get access() {
    return {
      endpoint: `http://127.0.0.1:${this.#port}`,
      region: 'us-east-1',
      bucket: 'registry',
      accessKey: 'a',
      secretKey: 's',
    };
  }

  /** Requests of a method from now on go to the script first, until it has handled `times` of them. */
  on(method: string, script: Script, times = Number.POSITIVE_INFINITY): void {
    this.#scripts.push({
      times,
      script: (request, response) => request.method === method && script(request, response),
    });
  }

  count(method: string): number {
    return this.seen.filter((request) => request.method === method).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.access.endpoint);
    this.seen.push({ method: request.method ?? '', url, headers: request.headers });
    request.on('error', () => {});
    for (const entry of this.#scripts) {
      if (entry.times <= 0 || !(await entry.script(request, response))) continue;
      entry.times -= 1;
      return;
    }
    const body = await buffer(request).catch(() => undefined);
    if (body !== undefined) this.#serve(request, response, url, body);
  }

  #serve(request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer): void {
    const key = url.pathname.replace(/^\/registry\/?/, '');
    const upload = url.searchParams.get('uploadId');
    const { method } = request;
    if (method === 'PUT' && upload !== null) {
      const number = Number(url.searchParams.get('partNumber'));
      (this.#parts.get(upload) ?? [])[number - 1] = body;
      response.setHeader('ETag', `"part-${number}"`);
    } else if (method === 'PUT') this.objects.set(key, body);
    else if (method === 'DELETE' && upload === null) this.objects.delete(key);
    else if (method === 'POST' && upload === null) {
      this.#parts.set(key, []);
      return void response.end(`<R><UploadId>${key}</UploadId></R>`);
    } else if (method === 'POST' && upload !== null) {
      this.objects.set(key, Buffer.concat(this.#parts.get(upload) ?? []));
      return void response.end('<R></R>');
    } else if (method === 'GET' && key === '') return void response.end('<R><IsTruncated>false</IsTruncated></R>');
    else if (method === 'GET' || method === 'HEAD') return this.#give(request, response, this.objects.get(key));
    response.end();
  }

  #give(request: IncomingMessage, response: ServerResponse, object: Buffer | undefined): void {
    if (object === undefined) return void fail(response, 404, 'NoSuchKey');
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [start, end] = range === null ? [0, object.length - 1] : [Number(range[1]), Number(range[2])];
    const bytes = object.subarray(start, end + 1);
    response.setHeader('ETag', '"object"');
    response.setHeader('Content-Length', bytes.length);
    if (range !== null) {
      response.statusCode = 206;
      response.setHeader('Content-Range', `bytes ${start}-${start + bytes.length - 1}/${object.length}`);
    }
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }
}

/** Responds with an error of S3. Resolves as a script that has handled the request. */
export function fail(response: ServerResponse, status: number, code: string, more = ''): true {
  response.statusCode = status;
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>why</Message>${more}</Error>`);
  return true;
}
