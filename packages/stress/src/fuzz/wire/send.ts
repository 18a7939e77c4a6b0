import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import type { FuzzInput, Transport } from '../input.ts';
import { readHttp2 } from './http2-responses.ts';
import { readResponses } from './responses.ts';

/** Where a registry and its web UI listen. */
export interface Ports {
  readonly registry: number;
  readonly rpc: number;
  readonly metrics: number;
  readonly web: number;
}

/** The outcome of one input. */
export interface Outcome {
  readonly received: Buffer;
  /** The server closed the connection, or broke it. */
  readonly ended: boolean;
  /** There was no connection to be had. */
  readonly rejected: boolean;
  /** A response that must come did not. */
  readonly pending: boolean;
}

const places: Readonly<Record<Transport, keyof Ports>> = {
  registry: 'registry',
  tcp: 'registry',
  rpc: 'rpc',
  'rpc over HTTP/2': 'rpc',
  'rpc tcp': 'rpc',
  web: 'web',
  'web tcp': 'web',
  metrics: 'metrics',
};
/** Nothing of a fuzzed request takes this long, also not on a busy machine. */
const responseMs = 20_000;
/** How long to watch a connection that need not get a response. */
const quietMs = 60;
const connectMs = 15_000;
/** A server may let a body wait that it will reject. */
const writeMs = 1_000;
/** Responses are small; beyond this, what follows is cut off. */
const maxReceived = 8 << 20;

/** Plays inputs, each on a connection of its own. */
export class Sender {
  readonly #ports: Ports;
  readonly #context: SecureContext;
  /** Resuming spares both sides most of a handshake. */
  readonly #sessions = new Map<Transport, Buffer>();

  constructor(ports: Ports, ca: string) {
    this.#ports = ports;
    this.#context = createSecureContext({ ca });
  }

  /** Never rejects: what goes wrong is part of the outcome. */
  async send(input: FuzzInput): Promise<Outcome> {
    const transport = input.transport;
    const tcp = connectTcp({ host: '127.0.0.1', port: this.#ports[places[transport]] });
    const isPlain = transport === 'metrics' || transport.endsWith('tcp');
    const line = new Line(isPlain ? tcp : this.#secure(tcp, transport));
    try {
      if (!(await line.opened)) return { ...line.soFar(), rejected: true, pending: false };
      await play(line, input);
      const pending = await settle(line, input);
      return { ...line.soFar(), rejected: false, pending };
    } finally {
      if (input.ending === 'reset') tcp.resetAndDestroy();
      line.socket.destroy();
      tcp.destroy();
    }
  }

  #secure(socket: Socket, transport: Transport): Socket {
    const session = this.#sessions.get(transport);
    // What goes wrong below shows above.
    socket.on('error', () => {});
    const secure = connectTls({
      socket,
      secureContext: this.#context,
      servername: 'localhost',
      ALPNProtocols: [transport === 'rpc over HTTP/2' ? 'h2' : 'http/1.1'],
      ...(session !== undefined && { session }),
    });
    secure.on('session', (ticket: Buffer) => this.#sessions.set(transport, ticket));
    return secure;
  }
}

/** A connection with everything that came on it. */
class Line {
  readonly socket: Socket;
  readonly opened: Promise<boolean>;
  #chunks: Buffer[] = [];
  #length = 0;
  #ended = false;
  #news = Promise.withResolvers<void>();

  constructor(socket: Socket) {
    this.socket = socket;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.opened = Promise.race([promise, sleep(connectMs, false, { ref: false })]);
    const tell = (): void => {
      this.#news.resolve();
      this.#news = Promise.withResolvers();
    };
    const end = (): void => {
      this.#ended = true;
      resolve(false);
      tell();
    };
    socket.on('data', (chunk: Buffer) => {
      if (this.#length < maxReceived) this.#chunks.push(chunk);
      this.#length += chunk.length;
      tell();
    });
    for (const event of ['end', 'close', 'error']) socket.on(event, end);
    for (const event of ['secureConnect', 'connect']) {
      if (event === 'secureConnect' || !('encrypted' in socket)) socket.on(event, () => resolve(true));
    }
  }

  soFar(): { readonly received: Buffer; readonly ended: boolean } {
    const received = Buffer.concat(this.#chunks);
    this.#chunks = [received];
    return { received, ended: this.#ended };
  }

  /** Whether the kernel took the bytes: not when the connection broke, or the peer does not read. */
  async write(bytes: Buffer): Promise<boolean> {
    if (this.#ended) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.socket.write(bytes, (error) => resolve(error === null || error === undefined));
    return await Promise.race([promise, sleep(writeMs, false, { ref: false })]);
  }

  /** Waits until `done`, the end of the connection, or the deadline. */
  async until(done: () => boolean, deadline: number): Promise<boolean> {
    while (!this.#ended && !done()) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await Promise.race([this.#news.promise, sleep(left, undefined, { ref: false })]);
    }
    return true;
  }
}

async function play(line: Line, { steps }: FuzzInput): Promise<void> {
  for (const step of steps) {
    if (typeof step === 'number') await sleep(step);
    else if (step.length > 0 && !(await line.write(step))) return;
  }
}

/** Waits for the input's ending; returns whether a response is missing. */
async function settle(line: Line, input: FuzzInput): Promise<boolean> {
  if (input.ending === 'reset') return false;
  const deadline = performance.now() + (input.ending === 'response' ? responseMs : quietMs);
  return !(await line.until(() => isCompleted(line, input), deadline)) && input.ending === 'response';
}

function isCompleted(line: Line, { transport, head }: FuzzInput): boolean {
  const { received } = line.soFar();
  // The response to a watcher begins, and does not end.
  if (transport === 'rpc') return received.includes('\r\n\r\n');
  if (transport === 'rpc over HTTP/2') {
    const { statuses, settled } = readHttp2(received);
    return settled || statuses.length > 0;
  }
  return readResponses(received, { head: head === true }).responses.some(({ status }) => status >= 200);
}
