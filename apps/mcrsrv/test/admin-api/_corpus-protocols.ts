import { isDeepStrictEqual } from 'node:util';
import {
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromJsonString,
  type JsonValue,
  type Message,
  toJson,
  toJsonString,
} from '@bufbuild/protobuf';
import { ConnectError, type Transport } from '@connectrpc/connect';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { rpcUrl } from '../_util/rpc.ts';
import { normalize } from './_corpus-normal.ts';
import { expand } from './_corpus-play.ts';
import { type CorpusSeed, stepMs } from './_corpus-seed.ts';
import type { Exchange, Recording } from './_corpus-step.ts';
import { type CorpusWorld, openCorpusWorld } from './_corpus-world.ts';

/** A method of which one message is enough to see. */
export type CallMethod = DescMethodUnary | DescMethodServerStreaming;

/** A call of a method, as data, to be made by every protocol. */
export interface CallStep {
  readonly name: string;
  readonly as: string;
  readonly method: CallMethod;
  /** The message in JSON, with values of the world as in a `Step`. */
  readonly message: JsonValue;
  /** Values of the response for later steps: a name, and the way to it. */
  readonly capture?: Readonly<Record<string, string>>;
  readonly settles?: boolean;
}

/** How a call ended, whatever the protocol. */
export type Outcome =
  | { readonly message: unknown }
  | {
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly own?: string;
        readonly details?: unknown;
      };
    };

/** The generated client of each protocol; Connect with messages in bytes, since all other steps send JSON. */
const protocols = {
  connect: (options: Options) => createConnectTransport({ ...options, httpVersion: '2', useBinaryFormat: true }),
  grpc: (options: Options) => createGrpcTransport(options),
  grpcWeb: (options: Options) => createGrpcWebTransport({ ...options, httpVersion: '2' }),
};
type Protocol = keyof typeof protocols;
interface Options {
  readonly baseUrl: string;
  readonly nodeOptions: { readonly ca: string };
  readonly idleConnectionTimeoutMs: number;
}

/**
 * Makes the calls by each protocol, to a registry of its own. An outcome stands once where all are the same, as they are
 * when a call succeeds; otherwise by protocol.
 */
export async function playCalls(seed: CorpusSeed, steps: readonly CallStep[]): Promise<Recording<Outcome | object>> {
  const names = Object.keys(protocols) as Protocol[];
  const played = new Map<Protocol, readonly Outcome[]>();
  for (const name of names) played.set(name, await playBy(name, seed, steps));
  const exchanges = steps.map(({ name, as, method, message }, at): [string, Exchange<Outcome | object>] => {
    const outcomes = names.map((protocol) => played.get(protocol)![at]!);
    const isSame = outcomes.every((outcome) => isDeepStrictEqual(outcome, outcomes[0]));
    const response = isSame
      ? outcomes[0]!
      : Object.fromEntries(names.map((protocol, index) => [protocol, outcomes[index]]));
    return [name, { ...(as !== 'admin' && { as }), request: nameOf(method), body: message, response }];
  });
  return Object.fromEntries(exchanges);
}

/** What a method is called, as in the path of its calls. */
export function nameOf({ parent, name }: CallMethod): string {
  return `${parent.typeName}/${name}`;
}

async function playBy(protocol: Protocol, seed: CorpusSeed, steps: readonly CallStep[]): Promise<readonly Outcome[]> {
  await using world = await openCorpusWorld(seed);
  const { ca } = world.server;
  const options = { baseUrl: rpcUrl(world.server), nodeOptions: { ca }, idleConnectionTimeoutMs: 1_000 };
  const transport = protocols[protocol](options);
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    world.clock.advance(stepMs);
    outcomes.push(await outcomeOf(world, transport, step));
    if (step.settles) await world.settle();
    await world.server.flushAudit();
  }
  return outcomes;
}

async function outcomeOf(world: CorpusWorld, transport: Transport, step: CallStep): Promise<Outcome> {
  const { as, method, message, capture = {} } = step;
  const input = fromJsonString(method.input, expand(world, JSON.stringify(message)).toString());
  const token = as.startsWith('{{') ? expand(world, as).toString() : world.token(as);
  const headers = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
  try {
    const response = await firstMessage(transport, method, headers, input);
    const json = toJson(method.output, response);
    for (const [name, path] of Object.entries(capture)) world.values.set(name, at(json, path));
    const text = toJsonString(method.output, response, { alwaysEmitImplicit: true });
    return { message: JSON.parse(normalize(world, text)) as unknown };
  } catch (error) {
    const { code, rawMessage, metadata, details } = ConnectError.from(error);
    const own = metadata.get('mcr-error-code');
    return {
      error: {
        code: codeToString(code),
        message: normalize(world, rawMessage),
        ...(own !== null && { own }),
        ...(details.length > 0 && { details }),
      },
    };
  }
}

/** The response; of a stream its first message. */
async function firstMessage(
  transport: Transport,
  method: CallMethod,
  headers: Headers,
  input: Message,
): Promise<Message> {
  if (method.methodKind === 'unary') {
    return (await transport.unary(method, undefined, undefined, headers, input)).message;
  }
  const enough = new AbortController();
  try {
    const messages = (async function* () {
      yield input;
    })();
    const response = await transport.stream(method, enough.signal, undefined, headers, messages);
    for await (const message of response.message) return message;
    throw new Error(`${nameOf(method)} ended without a message`);
  } finally {
    enough.abort();
  }
}

function at(json: JsonValue, path: string): string {
  const value = path.split('.').reduce<unknown>((it, key) => (it as Record<string, unknown> | undefined)?.[key], json);
  if (typeof value !== 'string') throw new Error(`No ${path} in ${JSON.stringify(json)}`);
  return value;
}
